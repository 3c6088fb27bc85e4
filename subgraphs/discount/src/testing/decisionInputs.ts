import fc from "fast-check";
import type { Candidate, DecisionInput } from "../domain/decision.js";
import { DEPTHS } from "../domain/policy.js";

/** An item as a decision sees it. */
export const candidate = (given: Partial<Candidate> = {}): Candidate => ({
  itemId: "item-0",
  itemVersion: 1,
  priceMinor: 400,
  costMinor: 100,
  promotions: [],
  taste: 0.08,
  because: { code: "popular", params: {} },
  boughtCount: 0,
  ...given,
});

/** What a decision depends on, with the prior in service. */
export const input = (given: Partial<DecisionInput> = {}): DecisionInput => ({
  tenantId: "tenant",
  customerId: "customer",
  at: "2026-11-22T08:00:00.000Z",
  trigger: "purchase",
  week: "2026-W47",
  holdout: false,
  facts: { currency: "EUR", minorDigits: 2, floor: 0.35, ceiling: 40, tax: { mode: "none", rate: 0 } },
  customer: { purchaseCount: 5, recencyDays: 4, frequencyPerWeek: 1, averageOrderMinor: 500, medianGapDays: 6, segment: null },
  candidates: [candidate()],
  sticky: null,
  current: null,
  offeredAt: [],
  remembered: 0,
  multiplier: 0,
  seed: 1,
  modelVersion: "prior-1",
  upliftVersion: null,
  ...given,
});

const candidates = fc
  .array(
    fc.record({
      priceMinor: fc.integer({ min: 1, max: 20_000 }),
      costMinor: fc.option(fc.integer({ min: 0, max: 12_000 })),
      taste: fc.double({ min: 0, max: 1, noNaN: true }),
      promotions: fc.array(
        fc.oneof(
          fc.record({ kind: fc.constant("percentage" as const), percent: fc.integer({ min: 0, max: 60 }) }),
          fc.record({ kind: fc.constant("amount" as const), amount: fc.integer({ min: 0, max: 500 }) }),
        ),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 8 },
  )
  .map((list) => list.map((given, i) => candidate({ ...given, itemId: `item-${i}` })));

/** Decisions over menus, chains and weeks of all kinds. */
export const inputs = fc
  .record({
    candidates,
    customerId: fc.uuid(),
    floor: fc.double({ min: 0, max: 0.9, noNaN: true }),
    ceiling: fc.integer({ min: 0, max: 60 }),
    inclusive: fc.boolean(),
    stickyDepth: fc.option(fc.constantFrom(...DEPTHS)),
    currentAt: fc.option(fc.nat(7)),
  })
  .map(({ candidates: list, customerId, floor, ceiling, inclusive, stickyDepth, currentAt }) =>
    input({
      candidates: list,
      customerId,
      facts: {
        currency: "EUR",
        minorDigits: 2,
        floor,
        ceiling,
        tax: inclusive ? { mode: "inclusive", rate: 0.2 } : { mode: "none", rate: 0 },
      },
      sticky: stickyDepth === null ? null : { depth: stickyDepth, propensities: [{ depth: stickyDepth, probability: 1 }] },
      current: currentAt === null || stickyDepth === null ? null : { offerId: "offer", itemId: `item-${currentAt}`, depth: stickyDepth },
    }),
  );
