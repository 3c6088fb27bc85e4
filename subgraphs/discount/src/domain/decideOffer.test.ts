import fc from "fast-check";
import { expect, test } from "vitest";
import { decideOffer, replay } from "./decideOffer.js";
import { candidate, input, inputs } from "../testing/decisionInputs.js";
import type { DecisionInput } from "./decision.js";
import { priorModel } from "./fitModel.js";
import { DEPTHS, EXPLORATION_BUDGET, SHALLOW_DEPTH } from "./policy.js";

const served = priorModel();

test("whatever is known, an offer is at an allowed depth of a candidate and at or above its floor, and below what everybody pays", () => {
  fc.assert(
    fc.property(inputs, (given) => {
      const { decided } = decideOffer(given, served);
      if (decided.kind === "none") return;
      const { floor, ceiling, tax } = given.facts;
      const item = given.candidates.find((each) => each.itemId === decided.itemId)!;
      expect(DEPTHS).toContain(decided.depth);
      expect(decided.depth).toBeLessThanOrEqual(ceiling);
      expect(item.costMinor).not.toBeNull();
      const net = tax.mode === "inclusive" ? decided.priceMinor / 1.2 : decided.priceMinor;
      expect(net * (1 - floor) - item.costMinor!).toBeGreaterThan(-1e-6);
      expect(decided.priceMinor).toBeLessThan(item.priceMinor);
      expect(decided.depth).toBeLessThanOrEqual(given.sticky?.depth ?? ceiling);
    }),
    { numRuns: 3_000 },
  );
});

test("an item so cheap that only depths beyond what this rung allows lower its price is not offered", () => {
  const cheap = fc.sample(
    inputs.filter(({ candidates, sticky }) => candidates.length > 0 && sticky === null),
    1,
  )[0]!;
  const facts = { ...cheap.facts, floor: 0, ceiling: 35, tax: { mode: "none" as const, rate: 0 } };
  const candidates = [{ ...cheap.candidates[0]!, priceMinor: 3, costMinor: 0, promotions: [], taste: 0 }];
  expect(decideOffer({ ...cheap, facts, candidates }, served).decided).toEqual({
    kind: "none",
    reason: cheap.holdout ? "holdout" : "noneEligible",
  });
});

test("a decision replays to the same result, also after a journey through JSON", () => {
  fc.assert(
    fc.property(inputs, (given) => {
      const output = decideOffer(given, served);
      const kept = JSON.parse(JSON.stringify({ version: 1, input: given, output })) as {
        version: 1;
        input: DecisionInput;
        output: typeof output;
      };
      expect(replay(kept, served)).toEqual(kept.output);
    }),
    { numRuns: 500 },
  );
});

test("the probabilities sum to one, and drawing at random costs at most its share of the margin that the prior expects", () => {
  fc.assert(
    fc.property(
      inputs.filter((given) => given.sticky === null),
      (given) => {
        const { propensities, findings, assigned } = decideOffer(given, served);
        expect(propensities.reduce((sum, each) => sum + each.probability, 0)).toBeCloseTo(1, 9);
        if (!assigned) return;
        const { atList, depths } = findings.find((each) => each.itemId === assigned.itemId)!;
        const margins = new Map([[0, atList!.margin!], ...depths.map(({ depth, margin }) => [depth, margin!] as const)]);
        const none = margins.get(0)!;
        const loss = propensities.reduce((sum, each) => sum + each.probability * Math.max(0, none - margins.get(each.depth)!), 0);
        expect(loss).toBeLessThanOrEqual(EXPLORATION_BUDGET * Math.max(0, none) + 1e-6);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("where the budget allows it half the weeks get none, and the others each shallow depth alike", () => {
  const { propensities } = decideOffer(input({ candidates: [candidate({ costMinor: 170 })] }), served);
  expect(propensities).toEqual([
    { depth: 0, probability: 0.5 },
    { depth: 5, probability: 0.25 },
    { depth: 10, probability: 0.25 },
  ]);
});

test("what is drawn is drawn as often as its probability says, is kept with all that could have been, and stands for the week, also when it is nothing", () => {
  const weeks = Array.from({ length: 4_000 }, (_, i) => input({ week: `week ${i}` }));
  const drawn = new Map<number, number>();
  for (const each of weeks) {
    const { decided, assigned, propensities } = decideOffer(each, served);
    expect(assigned).toEqual({ itemId: "item-0", depth: decided.kind === "offer" ? decided.depth : 0, propensities });
    drawn.set(assigned!.depth, (drawn.get(assigned!.depth) ?? 0) + 1);
    const later = decideOffer({ ...each, sticky: { depth: assigned!.depth, propensities } }, served);
    expect(later).toMatchObject({ propensities, assigned: null });
    expect(later.decided).toMatchObject(decided.kind === "offer" ? { depth: decided.depth } : { kind: "none", reason: "drawnNone" });
  }
  const { propensities } = decideOffer(weeks[0]!, served);
  for (const { depth, probability } of propensities)
    expect(Math.abs((drawn.get(depth) ?? 0) / weeks.length - probability)).toBeLessThan(
      4 * Math.sqrt((probability * (1 - probability)) / weeks.length),
    );
  expect(drawn.get(0)).toBeGreaterThan(0);
});

test("the holdout is offered nothing, and nothing is computed about it", () => {
  expect(decideOffer(input({ holdout: true }), served)).toMatchObject({
    decided: { kind: "none", reason: "holdout" },
    findings: [],
    propensities: [{ depth: 0, probability: 1 }],
  });
});

test("an item of unknown cost, one that would be bought anyway and one whose list price is under its floor are not eligible, each with its reason", () => {
  const { decided, findings } = decideOffer(
    input({
      candidates: [
        candidate({ costMinor: null }),
        candidate({ itemId: "item-1", taste: 0.9 }),
        candidate({ itemId: "item-2", costMinor: 300 }),
      ],
    }),
    served,
  );
  expect(decided).toEqual({ kind: "none", reason: "noneEligible" });
  expect(findings.map((finding) => finding.reason)).toEqual(["costUnknown", "wouldBuyAnyway", "listBelowFloor"]);
});

test("who has had as many offers as are good for anybody gets no further one, and keeps the one they hold", () => {
  const offeredAt = (count: number) => Array.from({ length: count }, (_, i) => `2026-11-${20 - i}T08:00:00.000Z`);
  expect(decideOffer(input({ offeredAt: offeredAt(4) }), served).decided).not.toMatchObject({ reason: "capped" });
  expect(decideOffer(input({ offeredAt: offeredAt(5) }), served)).toMatchObject({
    decided: { kind: "none", reason: "capped" },
    assigned: null,
  });
  const sticky = { depth: 10, propensities: [{ depth: 10, probability: 1 }] };
  const current = { offerId: "offer", itemId: "item-0", depth: 10 };
  const candidates = [candidate(), candidate({ itemId: "item-1", priceMinor: 4_000 })];
  expect(decideOffer(input({ sticky, current, candidates, offeredAt: offeredAt(5) }), served).decided).toMatchObject({
    itemId: "item-0",
    how: "kept",
  });
  expect(decideOffer(input({ sticky, current: null, candidates, offeredAt: offeredAt(5) }), served).decided).toMatchObject({
    reason: "capped",
  });
  // in a new week too
  expect(decideOffer(input({ current, candidates, offeredAt: offeredAt(5) }), served)).toMatchObject({
    decided: { itemId: "item-0", depth: 10, how: "kept" },
    assigned: null,
  });
});

test("an offer that the customer holds from the week before lives on, whatever would be drawn in this one, and this one stays open", () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer({ min: 1, max: 52 }), (customerId, week) => {
      const current = { offerId: "offer", itemId: "item-0", depth: 5 };
      const held = input({
        customerId,
        week: `2026-W${week}`,
        current,
        candidates: [candidate(), candidate({ itemId: "item-1", priceMinor: 900 })],
      });
      expect(decideOffer(held, served)).toMatchObject({
        decided: { kind: "offer", itemId: "item-0", depth: 5, how: "kept" },
        propensities: [{ depth: 5, probability: 1 }],
        assigned: null,
      });
      // not when it may not be made any more
      const gone = decideOffer({ ...held, candidates: held.candidates.slice(1) }, served);
      expect(gone.decided).not.toMatchObject({ itemId: "item-0" });
      expect(gone.assigned).not.toBeNull();
    }),
  );
});

test("nobody known and nothing to offer is an honest none", () => {
  expect(decideOffer(input({ candidates: [] }), served).decided).toEqual({ kind: "none", reason: "noCandidate" });
});

test("within a week the live offer stands against a slightly better item, and gives way to a much better one", () => {
  const sticky = { depth: 10, propensities: [{ depth: 10, probability: 1 }] };
  const current = { offerId: "offer", itemId: "item-0", depth: 10 };
  const with_ = (priceMinor: number) =>
    decideOffer(input({ sticky, current, candidates: [candidate(), candidate({ itemId: "item-1", priceMinor })] }), served).decided;
  expect(with_(440)).toMatchObject({ itemId: "item-0", how: "kept" });
  expect(with_(4_000)).toMatchObject({ itemId: "item-1", depth: 10, how: "sticky" });
});

test("while nothing randomised has been logged, no offer is deeper than a prior may justify", () => {
  fc.assert(
    fc.property(inputs, (given) => {
      const { decided } = decideOffer(given, served);
      expect(decided.kind === "offer" ? decided.depth : 0).toBeLessThanOrEqual(SHALLOW_DEPTH);
    }),
    { numRuns: 1_000 },
  );
});

test("a higher cost never lets a deeper discount be drawn on the same item", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 50, max: 2_000 }),
      fc.integer({ min: 0, max: 1_500 }),
      fc.integer({ min: 0, max: 500 }),
      (priceMinor, costMinor, more) => {
        const deepest = (cost: number) => {
          const { propensities } = decideOffer(input({ candidates: [candidate({ priceMinor, costMinor: cost })] }), served);
          return Math.max(...propensities.map(({ depth }) => depth));
        };
        expect(deepest(costMinor + more)).toBeLessThanOrEqual(deepest(costMinor));
      },
    ),
    { numRuns: 2_000 },
  );
});
