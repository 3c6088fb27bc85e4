import { randomUUID } from "node:crypto";
import { tenantIdOf } from "@kava/contracts/ids";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STAFF, TENANT, startCustomer, type CustomerService } from "./testing/startCustomer.js";

const NOW = new Date("2026-11-22T10:00:00Z");
const RECORD = `mutation ($input: RecordPurchaseInput!) { recordPurchase(input: $input) { __typename
  ... on Purchase { id at venueId total { amount currency } discount { amount } lines { itemId name quantity unitPrice { amount } paid { amount } item { id } } }
  ... on UserError { message } ... on InvalidInput { field } } }`;

let service: CustomerService;
let customerId: string;

beforeAll(async () => {
  service = await startCustomer(NOW);
  await until("the menu is known", async () => (await service.count("item_view")) === 3 && (await service.count("venue_view")) === 1);
  const { data } = await service.ask(
    `mutation { registerCustomer(input: { email: "ann@example.com", password: "a long secret", displayName: "Ann" }) { ... on Session { customer { id } } } }`,
  );
  customerId = (data as Record<string, { customer: { id: string } }>)["registerCustomer"]!.customer.id;
});
afterAll(() => service?.close());

interface Recorded {
  __typename: string;
  id: string;
  message: string;
  field: string;
  total: { amount: string };
  discount: { amount: string };
  lines: { name: string }[];
}
const record = async (input: object, identity = STAFF): Promise<Recorded> => {
  const answer = await service.ask(
    RECORD,
    { input: { idempotencyKey: randomUUID(), lines: [{ itemId: service.items.coffee, quantity: 1 }], ...input } },
    identity,
  );
  if (answer.errors) throw new Error(answer.errors.map((error) => error.message).join());
  return (answer.data as Record<string, Recorded>)["recordPurchase"]!;
};

describe("recordPurchase", () => {
  test("prices lines at the list, takes a till's own price as a fact, and shows what was taken off", async () => {
    const purchase = await record({
      customerId,
      venueId: service.venueId,
      lines: [
        { itemId: service.items.coffee, quantity: 2 },
        { itemId: service.items.cake, quantity: 1, unitPrice: "5.2" },
      ],
    });
    expect(purchase).toMatchObject({
      __typename: "Purchase",
      at: NOW.toISOString(),
      venueId: service.venueId,
      total: { amount: "13.20", currency: "EUR" },
      discount: { amount: "1.30" },
      lines: [
        { name: "Cappuccino", quantity: 2, unitPrice: { amount: "4.00" }, paid: { amount: "8.00" }, item: { id: service.items.coffee } },
        { name: "Honey cake", quantity: 1, unitPrice: { amount: "5.20" }, paid: { amount: "5.20" } },
      ],
    });
    expect(purchase.id).toMatch(/^202611-/);
  });

  test("says in one event what was bought, by whom, with which habits and in which segment", async () => {
    const purchase = await record({ customerId });
    const events = await service.events("purchase.recorded");
    expect(events.find((event) => event.purchaseId === purchase.id)).toMatchObject({
      customerId,
      totalMinor: 400,
      discountMinor: 0,
      lines: [{ itemId: service.items.coffee, unitPriceMinor: 400, paidMinor: 400 }],
      features: { recencyDays: 0 },
      segment: { name: "Newcomers" },
    });
  });

  test("a guest's purchase has no customer, no habits and no segment", async () => {
    const purchase = await record({});
    expect((await service.events("purchase.recorded")).find((event) => event.purchaseId === purchase.id)).toMatchObject({
      customerId: null,
      features: null,
      segment: null,
    });
  });
});

describe("one key", () => {
  test("with the same body answers the same purchase and keeps one", async () => {
    const input = { customerId, idempotencyKey: "till-1-0001", lines: [{ itemId: service.items.coffee, quantity: 1, unitPrice: "3.5" }] };
    const first = await record(input);
    const purchases = await service.count("purchase");
    const again = await record({ ...input, lines: [{ itemId: service.items.coffee, quantity: 1, unitPrice: "3.50" }] });
    expect(again).toEqual(first);
    expect(await service.count("purchase")).toBe(purchases);
  });

  test("with another body is KeyReused, and nothing is written", async () => {
    await record({ customerId, idempotencyKey: "till-1-0002" });
    const before = await tables();
    expect(
      (await record({ customerId, idempotencyKey: "till-1-0002", lines: [{ itemId: service.items.cake, quantity: 1 }] })).__typename,
    ).toBe("KeyReused");
    expect(await tables()).toEqual(before);
  });

  test("sent many times at the same moment makes one purchase, counted once", async () => {
    const input = { customerId, idempotencyKey: "till-1-0003" };
    const count = await purchaseCount();
    const answers = await Promise.all(Array.from({ length: 12 }, () => record(input)));
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
    expect(await purchaseCount()).toBe(count + 1);
    expect((await service.events("purchase.recorded")).filter((event) => event.purchaseId === answers[0]!.id)).toHaveLength(1);
  });

  test("sent at the same moment for purchases of two months makes one purchase; the other body is KeyReused", async () => {
    const count = await service.count("purchase");
    const months = Array.from({ length: 10 }, (_, index) => ({
      customerId,
      idempotencyKey: "till-1-0004",
      at: index % 2 === 0 ? "2026-09-30T23:59:00Z" : "2026-10-01T00:01:00Z",
    }));
    const answers = await Promise.all(months.map((input) => record(input)));
    const kept = answers.filter((answer) => answer.__typename === "Purchase");
    expect(kept).toHaveLength(5);
    expect(new Set(kept.map((answer) => answer.id)).size).toBe(1);
    expect(answers.filter((answer) => answer.__typename === "KeyReused")).toHaveLength(5);
    expect(await service.count("purchase")).toBe(count + 1);
  });

  test("belongs to one tenant: another chain uses the same key freely", async () => {
    const other = await service.request("/internal/tenants", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ slug: "other", name: "Other", currency: "UAH" }),
    });
    expect(other.status).toBe(200);
    const stranger = { ...STAFF, tenantId: tenantIdOf("other") };
    expect((await record({ idempotencyKey: "till-1-0001" }, stranger)).__typename).toBe("UnknownItem");
    expect((await record({ customerId }, stranger)).__typename).toBe("UnknownCustomer");
  });
});

describe("what cannot be recorded is said in a type, and nothing is written", () => {
  const line = (change: object) => ({ lines: [{ itemId: service.items.coffee, quantity: 1, ...change }] });
  const cases: [string, () => object, string, string | undefined][] = [
    ["an unknown item", () => line({ itemId: randomUUID() }), "UnknownItem", undefined],
    ["an item id that is no id", () => line({ itemId: "cappuccino" }), "UnknownItem", undefined],
    ["an unknown customer", () => ({ customerId: randomUUID() }), "UnknownCustomer", undefined],
    ["a customer id that is no id", () => ({ customerId: "Ann" }), "UnknownCustomer", undefined],
    ["an unknown venue", () => ({ venueId: randomUUID() }), "InvalidInput", "venueId"],
    ["a negative quantity", () => line({ quantity: -1 }), "InvalidInput", "lines.0.quantity"],
    ["no quantity", () => line({ quantity: 0 }), "InvalidInput", "lines.0.quantity"],
    ["too large a quantity", () => line({ quantity: 10_001 }), "InvalidInput", "lines.0.quantity"],
    ["a negative price", () => line({ unitPrice: "-1.00" }), "InvalidInput", "lines.0.unitPrice"],
    ["a price finer than a cent", () => line({ unitPrice: "1.005" }), "InvalidInput", "lines.0.unitPrice"],
    ["a price beyond all bounds", () => line({ unitPrice: "99999999999" }), "InvalidInput", "lines.0.unitPrice"],
    ["no lines", () => ({ lines: [] }), "InvalidInput", "lines"],
    [
      "too many lines",
      () => ({ lines: Array.from({ length: 501 }, () => ({ itemId: service.items.coffee, quantity: 1 })) }),
      "InvalidInput",
      "lines",
    ],
    ["a date in the future", () => ({ at: "2026-11-22T10:05:01Z" }), "InvalidInput", "at"],
    ["a date too long ago", () => ({ at: "2016-11-22T09:59:59Z" }), "InvalidInput", "at"],
    ["an empty key", () => ({ idempotencyKey: " " }), "InvalidInput", "idempotencyKey"],
    ["a key with a NUL", () => ({ idempotencyKey: "a\u0000b" }), "InvalidInput", "idempotencyKey"],
    ["a reservation, which is not open yet", () => ({ reservationToken: "token" }), "InvalidInput", "reservationToken"],
  ];
  test.each(cases)("%s", async (_name, input, type, field) => {
    const before = await tables();
    const answer = await record({ customerId, ...input() });
    expect(answer.__typename).toBe(type);
    expect(answer.message).not.toBe("");
    expect(answer.field ?? undefined).toBe(field);
    expect(await tables()).toEqual(before);
  });

  test("a till's clock may be five minutes ahead", async () => {
    expect((await record({ customerId, at: "2026-11-22T10:05:00Z" })).__typename).toBe("Purchase");
  });

  test.each([
    ["a customer", { tenantId: TENANT, role: "customer" as const, scopes: [] }],
    ["a stranger", { tenantId: TENANT, role: "anonymous" as const, scopes: [] }],
    ["a partner without the scope", { tenantId: TENANT, role: "partner" as const, scopes: ["customers:read"] }],
  ])("%s may not record", async (_name, identity) => {
    const before = await tables();
    const answer = await service.ask(RECORD, { input: { idempotencyKey: randomUUID(), lines: [] } }, identity);
    expect(answer.errors?.[0]?.extensions?.code).toBe("FORBIDDEN");
    expect(await tables()).toEqual(before);
  });

  test("a partner with the scope purchases:write may record", async () => {
    expect((await record({ customerId }, { tenantId: TENANT, role: "partner", scopes: ["purchases:write"] })).__typename).toBe("Purchase");
  });
});

const purchaseCount = async (): Promise<number> => {
  const { data } = await service.ask("query ($id: ID!) { customer(id: $id) { rfm { purchaseCount } } }", { id: customerId });
  return (data as Record<string, { rfm: { purchaseCount: number } }>)["customer"]!.rfm.purchaseCount;
};

/** Everything that a purchase could leave behind. */
const tables = async (): Promise<object> => ({
  purchases: await service.count("purchase"),
  requests: await service.count("request"),
  events: await service.count("outbox"),
  moves: await service.count("segment_move"),
  versions: (await service.running.platform.database.sql.query("SELECT sum(version) FROM customer")).rows,
});
