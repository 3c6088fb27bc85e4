import { RECORD_PURCHASE, type PurchaseAnswer, type PurchaseInput } from "@kava/harness/documents";
import { dataOf, askGraph } from "@kava/harness/graphClient";
import type { Installation } from "@kava/harness/installation";
import type { SmallChain } from "@kava/harness/smallChain";
import { until } from "@kava/harness/until";
import { beforeAll, expect, test } from "vitest";
import { rowCounts } from "../support/rowCounts.js";
import type { RunningChain } from "./runningChain.js";

/** What is refused, how, and that nothing of it is written. */
export const refusals = (running: () => RunningChain): void => {
  let kava: Installation;
  let chain: SmallChain;
  let before: Record<string, number>;
  const DAY_MS = 86_400_000;

  beforeAll(async () => {
    ({ kava, chain } = running());
    before = await rowCounts(kava);
  });

  const nothingWasWritten = async () => expect(await rowCounts(kava)).toEqual(before);

  let keys = 0;
  const purchase = (change: Partial<PurchaseInput> = {}): PurchaseInput => ({
    customerId: chain.regulars[0]!,
    venueId: chain.venues[0]!.id,
    idempotencyKey: `refused-${(keys += 1)}`,
    lines: [{ itemId: chain.items[0]!.id, quantity: 1 }],
    ...change,
  });
  const item = () => chain.items[0]!.id;

  const REFUSED: [what: string, type: string, input: () => PurchaseInput][] = [
    ["an unknown item", "UnknownItem", () => purchase({ lines: [{ itemId: "0b5c1d57-93f2-4c5c-8a1d-0f60a3c7a001", quantity: 1 }] })],
    [
      "an item that is no identifier",
      "UnknownItem|InvalidInput",
      () => purchase({ lines: [{ itemId: "cappuccino'; DROP TABLE item; --", quantity: 1 }] }),
    ],
    [
      "one unknown item among known ones",
      "UnknownItem",
      () =>
        purchase({
          lines: [
            { itemId: item(), quantity: 1 },
            { itemId: "0b5c1d57-93f2-4c5c-8a1d-0f60a3c7a001", quantity: 1 },
          ],
        }),
    ],
    ["an unknown customer", "UnknownCustomer", () => purchase({ customerId: "0b5c1d57-93f2-4c5c-8a1d-0f60a3c7a002" })],
    ["an unknown venue", "InvalidInput", () => purchase({ venueId: "0b5c1d57-93f2-4c5c-8a1d-0f60a3c7a003" })],
    ["a negative quantity", "InvalidInput", () => purchase({ lines: [{ itemId: item(), quantity: -1 }] })],
    ["a quantity of zero", "InvalidInput", () => purchase({ lines: [{ itemId: item(), quantity: 0 }] })],
    ["a quantity beyond reason", "InvalidInput", () => purchase({ lines: [{ itemId: item(), quantity: 2_000_000_000 }] })],
    ["a date in the future", "InvalidInput", () => purchase({ at: new Date(Date.now() + 2 * DAY_MS).toISOString() })],
    ["no line", "InvalidInput", () => purchase({ lines: [] })],
    ["a negative price", "InvalidInput", () => purchase({ lines: [{ itemId: item(), quantity: 1, unitPrice: "-1.00" }] })],
    [
      "a price of more digits than the currency has",
      "InvalidInput",
      () => purchase({ lines: [{ itemId: item(), quantity: 1, unitPrice: "1.001" }] }),
    ],
    ["an empty key", "InvalidInput", () => purchase({ idempotencyKey: "" })],
  ];

  test.each(REFUSED)("a purchase with %s is answered by %s, and nothing is written", async (_what, type, input) => {
    const { recordPurchase } = dataOf(await kava.ask<PurchaseAnswer>(RECORD_PURCHASE, { input: input() }));
    expect(recordPurchase).toMatchObject({
      __typename: expect.stringMatching(new RegExp(`^(${type})$`)),
      message: expect.stringMatching(/\w{3}/),
    });
    await nothingWasWritten();
  });

  const TOKENS: [what: string, token: () => Promise<string>][] = [
    ["no token at all but a word", async () => "hello"],
    ["three parts of nonsense", async () => "a.b.c"],
    ["one whose signature was touched", async () => (await kava.token("staff")).slice(0, -4).concat("AAAA")],
    ["one that has expired", () => kava.token("staff", { now: new Date(Date.now() - DAY_MS), lifetimeSeconds: 60 })],
    [
      "one without a signature",
      async () => {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
        return `${part({ alg: "none", typ: "JWT" })}.${part({ iss: "kava", aud: "kava-graph", sub: "admin", role: "admin", tenant: kava.tenantId, exp: Math.floor(Date.now() / 1000) + 600 })}.`;
      },
    ],
  ];

  test.each(TOKENS)("a token that is %s is refused with a typed error, and nothing is written", async (_what, token) => {
    const answer = await askGraph<PurchaseAnswer>(kava.url, {
      query: RECORD_PURCHASE,
      variables: { input: purchase() },
      token: await token(),
    });
    expect(answer.status).toBe(401);
    expect(answer.data).toBeNull();
    expect(answer.errors).toMatchObject([{ extensions: { code: "UNAUTHENTICATED" } }]);
    await nothingWasWritten();
  });

  test("without a token, and with a customer's, no purchase is recorded", async () => {
    for (const token of [null, await kava.token("customer", { customerId: chain.regulars[0]! }), await kava.token("partner")]) {
      const answer = await kava.ask<PurchaseAnswer>(RECORD_PURCHASE, { input: purchase() }, token);
      expect(answer.data?.recordPurchase ?? null).toBeNull();
      expect(answer.errors[0]?.extensions?.code).toMatch(/FORBIDDEN|UNAUTHENTICATED/);
    }
    await nothingWasWritten();
  });

  test("a query of two megabytes is refused before anything reads it", async () => {
    const response = await fetch(kava.url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${await kava.token("staff")}` },
      body: JSON.stringify({ query: `{ menu { edges { node { id } } } } # ${"x".repeat(2 * 2 ** 20)}` }),
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      errors: [{ message: expect.stringMatching(/\w/), extensions: { code: expect.any(String) } }],
    });
    await nothingWasWritten();
  });

  test("a query that nests without end, or asks for the same a thousand times, is refused", async () => {
    const deep = `{ menu { edges { node { id } } } ${"customers { edges { node { offer { customer { id ".repeat(12)}${"} ".repeat(60)}}`;
    const wide = `{ ${Array.from({ length: 1_000 }, (_, i) => `a${i}: menu(first: 100) { edges { node { id name } } }`).join(" ")} }`;
    for (const query of [deep, wide]) {
      const answer = await kava.ask<Record<string, unknown>>(query);
      expect(answer.errors.length).toBeGreaterThan(0);
      expect(Object.values(answer.data ?? {}).filter((value) => value !== null)).toEqual([]);
    }
  });

  test("a subgraph does not answer who does not hold the installation's key", async () => {
    for (const url of [kava.instance.urls.customer, kava.instance.urls.menu, kava.instance.urls.analytics, kava.instance.urls.discount])
      expect((await askGraph(url, { query: "{ __typename }", token: await kava.token("admin") })).status).toBe(401);
  });

  test("after all refusals the till goes on selling", async () => {
    const { recordPurchase } = dataOf(await kava.ask<PurchaseAnswer>(RECORD_PURCHASE, { input: purchase() }));
    expect(recordPurchase.__typename).toBe("Purchase");
    await until("the purchase is counted", async () => (await rowCounts(kava))["customer.purchase"] === before["customer.purchase"]! + 1);
  });
};
