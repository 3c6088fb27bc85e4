import { newId } from "@kava/contracts/ids";
import type { EventData } from "@kava/contracts/events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { customerAs, anonymous, DiscountUnderTest } from "./testing/startDiscount.js";

let discount: DiscountUnderTest;
let customerId: string;
let offered: EventData<"menu.item.priced">;
let plain: EventData<"menu.item.priced">;
let depth: number;

beforeAll(async () => {
  discount = await DiscountUnderTest.start();
  [offered, plain, customerId] = [
    await discount.item(),
    await discount.item({ name: "Tea", category: "Drinks", priceMinor: 250, costMinor: 60 }),
    await discount.customer(),
  ];
  await discount.publish([discount.liking(customerId, [{ itemId: offered.itemId, score: 0.08 }])]);
  await discount.publish([discount.purchase(customerId, [newId()])]);
  const { rows } = await discount.sql.query<{ depth: number }>("SELECT depth FROM offer WHERE customer_id = $1 AND state = 'LIVE'", [
    customerId,
  ]);
  depth = rows[0]!.depth;
});
afterAll(() => discount?.close());

interface QuoteAnswer {
  __typename: string;
  id: string;
  message?: string;
  field?: string;
  itemId?: string;
  expiresAt: string;
  marginChecked: boolean;
  total: { amount: string };
  discount: { amount: string };
  lines: { itemId: string; quantity: number; listPrice: { amount: string }; price: { amount: string }; because: string }[];
}
const QUOTE = `mutation($input: QuoteInput!) { quote(input: $input) { __typename ... on Quote { id expiresAt marginChecked total { amount } discount { amount }
  lines { itemId quantity listPrice { amount } price { amount } because } } ... on InvalidInput { message field } ... on UnknownItem { message itemId } } }`;
const ask = (input: object, identity: object = customerAs(customerId)) =>
  discount.ask<{ quote: QuoteAnswer }>(
    QUOTE,
    {
      input: {
        customerId,
        idempotencyKey: newId(),
        lines: [
          { itemId: offered.itemId, quantity: 2 },
          { itemId: plain.itemId, quantity: 1 },
        ],
        ...input,
      },
    },
    identity,
  );
const quote = async (input: object = {}, identity?: object) => (await ask(input, identity)).data.quote;

test("a quote has every line at the customer's price, the total and what was saved, for fifteen minutes", async () => {
  const unit = Math.ceil((400 * (100 - depth)) / 100);
  const given = await quote();
  expect(given).toMatchObject({
    __typename: "Quote",
    marginChecked: true,
    total: { amount: ((2 * unit + 250) / 100).toFixed(2) },
    discount: { amount: ((800 - 2 * unit) / 100).toFixed(2) },
    lines: [
      {
        itemId: offered.itemId,
        quantity: 2,
        listPrice: { amount: "4.00" },
        price: { amount: (unit / 100).toFixed(2) },
        because: "This price is personal: an offer made for you",
      },
      { itemId: plain.itemId, quantity: 1, listPrice: { amount: "2.50" }, price: { amount: "2.50" }, because: "The menu price" },
    ],
  });
  const { rows } = await discount.sql.query<{ minutes: number }>(
    "SELECT extract(epoch FROM expires_at - created_at)::int / 60 AS minutes FROM quote WHERE id = $1",
    [given.id],
  );
  expect(rows[0]!.minutes).toBe(15);
});

test("the same key with the same basket is the same quote, also at the same moment", async () => {
  const idempotencyKey = newId();
  const quotes = await Promise.all(Array.from({ length: 8 }, () => quote({ idempotencyKey })));
  expect(new Set(quotes.map((each) => each.id)).size).toBe(1);
  const { rowCount } = await discount.sql.query("SELECT FROM quote WHERE key = $1", [idempotencyKey]);
  expect(rowCount).toBe(1);
});

test("the same key with another basket is refused", async () => {
  const idempotencyKey = newId();
  await quote({ idempotencyKey });
  expect(await quote({ idempotencyKey, lines: [{ itemId: plain.itemId, quantity: 3 }] })).toMatchObject({
    __typename: "InvalidInput",
    field: "idempotencyKey",
  });
});

test("what cannot be quoted is a typed answer that names the place, and nothing is written", async () => {
  const retired = await discount.item({ retired: true });
  const venueId = newId();
  const elsewhere = await discount.item({ unavailableVenueIds: [venueId] });
  const count = async () => (await discount.sql.query("SELECT FROM quote")).rowCount;
  const before = await count();
  const line = { itemId: plain.itemId, quantity: 1 };
  const wrong: [object, object][] = [
    [{ lines: [] }, { field: "lines" }],
    [{ lines: [{ ...line, quantity: 0 }] }, { field: "lines.0.quantity" }],
    [{ lines: [line, { ...line, quantity: -3 }] }, { field: "lines.1.quantity" }],
    [{ lines: [{ ...line, unitPrice: "0.01" }] }, { field: "lines.0.unitPrice" }],
    [{ lines: [{ ...line, itemId: newId() }] }, { __typename: "UnknownItem" }],
    [{ lines: [{ ...line, itemId: "'; DROP TABLE offer" }] }, { __typename: "UnknownItem" }],
    [{ lines: [{ ...line, itemId: retired.itemId }] }, { __typename: "UnknownItem", itemId: retired.itemId }],
    [{ lines: [{ ...line, itemId: elsewhere.itemId }], venueId }, { field: "lines.0.itemId" }],
    [{ venueId: "nowhere" }, { field: "venueId" }],
    [{ idempotencyKey: "" }, { field: "idempotencyKey" }],
  ];
  for (const [input, expected] of wrong) expect(await quote(input)).toMatchObject(expected);
  expect(await quote({ customerId: newId() }, { role: "staff" })).toMatchObject({ __typename: "InvalidInput", field: "customerId" });
  expect(await count()).toBe(before);
});

test("a quote for someone else is for staff and tills alone", async () => {
  expect((await ask({}, customerAs(newId()))).errors?.[0]?.extensions?.code).toBe("FORBIDDEN");
  expect((await ask({}, anonymous)).errors?.[0]?.extensions?.code).toBe("FORBIDDEN");
  expect((await quote({}, { role: "staff" })).__typename).toBe("Quote");
  expect((await quote({}, { role: "partner", scopes: ["purchases:write"] })).__typename).toBe("Quote");
  expect(await quote({}, { role: "staff", tenantId: discount.otherTenantId })).toMatchObject({ field: "customerId" });
});
