import { newId } from "@kava/contracts/ids";
import { afterAll, beforeAll, expect, test } from "vitest";
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
  expect(decision.output).toMatchObject({ policyVersion: "margin-2", model: { rung: 0 } });
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
