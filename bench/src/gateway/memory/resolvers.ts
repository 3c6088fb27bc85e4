import type { Consumer } from "@kava/contracts/events";

type Resolvers = Record<string, Record<string, unknown>>;
interface Reference {
  id: string;
}

const SINCE = "2026-11-01T08:00:00.000Z";
const EXPIRES = "2026-11-29T08:00:00.000Z";
const ITEMS = 60;

const money = (minor: number) => ({ amount: (minor / 100).toFixed(2), currency: "EUR" });
/** A number that follows from an id, so that every gateway gets the same answers. */
const numberOf = (id: string): number => Array.from(id).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9_973, 7);
const itemId = (number: number): string => `0193a1f0-1000-7000-8000-${String(number % ITEMS).padStart(12, "0")}`;
const priceOf = (id: string): number => 250 + (numberOf(id) % 40) * 10;

const customer = (id: string) => ({
  __typename: "Customer",
  id,
  displayName: `Customer ${numberOf(id)}`,
  segment: { id: "s1", name: "Morning regulars", since: SINCE, outlier: false, provisional: false },
  averageOrderValue: money(400 + (numberOf(id) % 500)),
});
const offer = (id: string) => {
  const item = itemId(numberOf(id) + 7); // none of the recommended ones; its price is for Mercurius, which asks discount for the external field
  return {
    id: `offer-${id}`,
    state: "LIVE",
    depth: 20,
    because: "Your usual, a little cheaper this week",
    marginChecked: true,
    createdAt: SINCE,
    expiresAt: EXPIRES,
    item: { id: item, price: money(priceOf(item)) },
    price: money(Math.round(priceOf(item) * 0.8)),
    customer: { id },
  };
};
const recommendations = ({ id }: Reference, { first }: { first: number }) =>
  Array.from({ length: first }, (_, rank) => ({
    itemId: itemId(numberOf(id) + rank),
    score: 0.9 - rank / 10,
    because: "Customers who buy what you buy like it",
    item: { id: itemId(numberOf(id) + rank) },
  }));

/** What each subgraph answers from memory: what a visit asks for, and nothing that costs time. */
export const RESOLVERS: Record<Consumer, Resolvers> = {
  customer: {
    Query: { customer: (_: unknown, { id }: Reference) => customer(id) },
    Customer: { __resolveReference: ({ id }: Reference) => customer(id) },
  },
  menu: {
    MenuItem: {
      __resolveReference: ({ id }: Reference) => ({
        __typename: "MenuItem",
        id,
        sku: id.slice(-4),
        name: `Item ${Number(id.slice(-12))}`,
        category: "coffee",
        price: money(priceOf(id)),
        available: true,
      }),
    },
  },
  analytics: {
    Customer: { __resolveReference: ({ id }: Reference) => ({ __typename: "Customer", id }), recommendedItems: recommendations },
  },
  discount: {
    Customer: { __resolveReference: ({ id }: Reference) => ({ __typename: "Customer", id, offer: offer(id) }) },
    MenuItem: {
      __resolveReference: (reference: object) => ({ ...reference, __typename: "MenuItem" }),
      personalPrice: ({ price }: { price: { amount: string; currency: string } }) => ({
        amount: (Number(price.amount) * 0.8).toFixed(2),
        currency: price.currency,
        depth: 20,
        because: "For you",
        personalised: true,
      }),
    },
  },
};
