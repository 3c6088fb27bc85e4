import { newId } from "@kava/contracts/ids";
import { createLogger } from "@kava/platform/telemetry/logger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { explainOffer } from "./commands/explainOffer.js";
import { replay } from "./domain/decideOffer.js";
import type { DecisionRecord } from "./domain/decision.js";
import { priorModel } from "./domain/fitModel.js";
import { customerAs, DiscountUnderTest } from "./testing/startDiscount.js";

let discount: DiscountUnderTest;
let customerId: string;
let offerId: string;

beforeAll(async () => {
  discount = await DiscountUnderTest.start();
  const items = [
    await discount.item({ priceMinor: 487, costMinor: 131 }),
    await discount.item({ name: "Beans", category: "Retail", priceMinor: 1290, costMinor: 800 }),
  ];
  customerId = await discount.customer();
  await discount.publish([
    discount.liking(
      customerId,
      items.map(({ itemId }) => ({ itemId, score: 0.07 })),
    ),
  ]);
  await discount.publish([discount.purchase(customerId, [items[0]!.itemId])]);
  const { rows } = await discount.sql.query<{ id: string }>("SELECT id FROM offer WHERE customer_id = $1 AND state = 'LIVE'", [customerId]);
  offerId = rows[0]!.id;
});
afterAll(() => discount?.close());

test("the kept decision holds features, candidates with their margins, bounds, model, seed and probabilities, and replays to the same result", async () => {
  const { data } = await discount.ask<{ offer: { decision: DecisionRecord } }>("query($id: ID!) { offer(id: $id) { decision } }", {
    id: offerId,
  });
  const { decision } = data.offer;
  expect(replay(decision, priorModel())).toEqual(decision.output);
  expect(decision.output).toMatchObject({ policyVersion: "margin-4", model: { rung: 0 } });
  expect(decision.input).toMatchObject({ customerId, holdout: false, modelVersion: "prior-1", facts: { floor: 0.35, ceiling: 40 } });
  expect(decision.output.propensities.reduce((sum, each) => sum + each.probability, 0)).toBeCloseTo(1, 12);
  expect(decision.output.findings.flatMap((finding) => finding.bound).map((each) => each.by)).toContain("floor");
});

test("a decision replayed with another model is refused by name", async () => {
  const { data } = await discount.ask<{ offer: { decision: DecisionRecord } }>("query($id: ID!) { offer(id: $id) { decision } }", {
    id: offerId,
  });
  expect(() => replay(data.offer.decision, { ...priorModel(), version: "fitted-1" })).toThrow(/prior-1/);
});

const told = (view: "auditor" | "customer" | "till" | null, now = new Date()) =>
  explainOffer(discount.sql, { offerId, view, language: "en", json: false }, { now, logger: createLogger("test", "silent") });

test("an offer is explained step by step, with what was considered, and its decision made again comes to the same", async () => {
  const text = await told(null);
  expect(text.match(/^\d+\. .*/gm)).toEqual([
    "1. Occasion",
    "2. Customer",
    "3. Evidence",
    "4. Candidates",
    expect.stringMatching(/^5\. Depths of /),
    "6. Choice",
    "7. Margin check",
    "8. Result",
    "9. Decided again from its record",
  ]);
  expect(text).toContain("The same result, to the last digit");
  expect(text).toMatch(/Beans .* no: every depth would go under the floor/);
  expect(text).toContain("20, 25, 30, 35, 40 %: not before the effect of a discount was measured here");
});

test("the customer's view and the barista's line tell nothing of floor, cost or margin", async () => {
  const [customer, till] = [await told("customer"), await told("till")];
  expect(customer).toBe("Customers like you enjoy it. This price is personal: an offer made for you\n");
  expect(till).toMatch(/^VALID until .*: .* for \d+\.\d\d \w+ \(\d+ % off\)\n$/);
  expect(customer + till).not.toMatch(/floor|cost|margin|1\.31|0\.35/i);
  expect(await told("till", new Date(Date.now() + 30 * 86_400_000))).toMatch(/^NOT VALID: its time is over/);
});

test("an offer that is not there, or no identifier at all, is said plainly", async () => {
  const explained = (id: string) =>
    explainOffer(
      discount.sql,
      { offerId: id, view: null, language: "en", json: false },
      { now: new Date(), logger: createLogger("test", "silent") },
    );
  await expect(explained(newId())).rejects.toThrow("There is no offer");
  await expect(explained("latte")).rejects.toThrow(/"latte" is no offer's id/);
});

test("a customer never sees the decision", async () => {
  const { data, errors } = await discount.ask<{ offer: { id: string; decision: null } }>(
    "query($id: ID!) { offer(id: $id) { id decision } }",
    { id: offerId },
    customerAs(customerId),
  );
  expect(data.offer).toEqual({ id: offerId, decision: null });
  expect(errors?.[0]?.extensions?.code).toBe("FORBIDDEN");
});

test("the receipt says why and which facts were used, in the customer's language, and never the floor or the cost", async () => {
  const RECEIPT = "query($id: ID!) { offer(id: $id) { depth because receipt { because personalised decidedAt usedFacts } } }";
  const ask = async (language: string) =>
    discount.ask<{ offer: { depth: number; because: string; receipt: { because: string[]; personalised: boolean; usedFacts: string[] } } }>(
      RECEIPT,
      { id: offerId },
      customerAs(customerId),
      language,
    );
  const { data } = await ask("en");
  expect(data.offer.receipt).toMatchObject({
    personalised: true,
    because: ["Customers like you enjoy it", "This price is personal: an offer made for you"],
  });
  expect(data.offer.receipt.usedFacts).toEqual(["What you bought before", "How often you come", "What you seem to like", "The menu price"]);
  expect(JSON.stringify(data)).not.toMatch(/floor|cost|margin|131|0\.35/i);
  expect(data.offer.depth % 5).toBe(0); // an odd depth would tell that a floor bound
  expect((await ask("uk")).data.offer.because).toBe("Подобається гостям зі схожим смаком");
});

test("the depth of a week stays, whatever the customer does in it", async () => {
  const {
    rows: [before],
  } = await discount.sql.query<{ depth: number }>("SELECT depth FROM offer WHERE id = $1", [offerId]);
  for (let i = 0; i < 5; i++) {
    const item = await discount.item({ priceMinor: 2_000 * 2 ** i, costMinor: 100 });
    await discount.publish([discount.liking(customerId, [{ itemId: item.itemId, score: 0.08 }])]);
    await discount.publish([discount.purchase(customerId, [newId()])]);
  }
  const { rows } = await discount.sql.query<{ depth: number }>("SELECT depth FROM offer WHERE customer_id = $1", [customerId]);
  expect(rows.length).toBeGreaterThan(1);
  expect(new Set(rows.map((row) => row.depth))).toEqual(new Set([before!.depth]));
});
