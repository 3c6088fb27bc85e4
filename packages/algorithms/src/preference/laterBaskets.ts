import type { History } from "./habitPrior.js";
import type { ItemList } from "./mineItemsets.js";

/** A basket and who had it: a place among the customers, −1 for nobody known. Each item once. */
export interface OwnedBasket {
  readonly customer: number;
  readonly items: ItemList;
}

/** What a customer had, and the basket that came next. */
export interface NextBasket {
  readonly customer: number;
  readonly before: History;
  readonly items: ItemList;
}

export interface Divided {
  /** For each customer their history without the later baskets; empty for who came later. */
  readonly histories: readonly History[];
  /** The first of the later baskets of each who had a history before, in the order of the baskets. */
  readonly next: readonly NextBasket[];
}

const NOTHING: History = { history: [], basketCount: 0 };

/**
 * Takes the later baskets out of the histories: what could be known at that moment, and what came of it.
 *
 * @param customers their histories, later baskets included; a basket that is missing from its customer's changes nothing
 * @param later the latest baskets of all, oldest first
 */
export function divideAt(customers: readonly History[], later: readonly OwnedBasket[]): Divided {
  const taken = new Map<number, { items: Map<number, number>; baskets: number; first: ItemList }>();
  for (const { customer, items } of later) {
    if (customers[customer] === undefined) continue;
    const of = taken.get(customer) ?? { items: new Map<number, number>(), baskets: 0, first: items };
    taken.set(customer, of);
    of.baskets += 1;
    for (const item of new Set(Array.from(items))) of.items.set(item, (of.items.get(item) ?? 0) + 1);
  }
  const histories = customers.map((customer, at) => without(customer, taken.get(at)));
  const next = [...taken].flatMap(([customer, { first }]) =>
    histories[customer]!.history.length > 0 && first.length > 0 ? [{ customer, before: histories[customer]!, items: first }] : [],
  );
  return { histories, next };
}

function without(customer: History, taken: { items: ReadonlyMap<number, number>; baskets: number } | undefined): History {
  if (taken === undefined) return customer;
  const history = customer.history.flatMap(({ item, baskets }) => {
    const left = baskets - (taken.items.get(item) ?? 0);
    return left > 0 ? [{ item, baskets: left }] : [];
  });
  const basketCount = customer.basketCount - taken.baskets;
  return history.length === 0 || basketCount < 1 ? NOTHING : { history, basketCount };
}
