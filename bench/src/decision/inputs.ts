import { createRandom } from "@kava/algorithms/random";
import type { Candidate, DecisionInput } from "@kava/discount/domain/decision";
import { MOST_CANDIDATES, POLICY_SEED } from "@kava/discount/domain/policy";
import { featuresAtRandom } from "./randomisedLog.js";

const NOW = "2026-11-23T08:00:00.000Z";

/** Customers for whom nothing was decided this week: each with as many items as a decision considers, of prices that bear all depths. */
export const makeInputs = (count: number, versions: Pick<DecisionInput, "modelVersion" | "upliftVersion">): DecisionInput[] => {
  const random = createRandom(1, "bench", "inputs");
  return Array.from({ length: count }, (_, n) => {
    const { recencyDays, medianGapDays, purchaseCount, frequencyPerWeek, averageOrderMinor } = featuresAtRandom(random);
    const candidates = Array.from({ length: MOST_CANDIDATES }, (_, i): Candidate => {
      const priceMinor = 300 + 10 * random.integer(40);
      return {
        itemId: `item-${i}`,
        itemVersion: 1,
        priceMinor,
        costMinor: Math.round(0.3 * priceMinor),
        promotions: [],
        taste: 0.05 + 0.3 * random.uniform(),
        because: { code: "popular", params: {} },
        boughtCount: random.integer(10),
      };
    });
    return {
      tenantId: "bench",
      customerId: `customer-${n}`,
      at: NOW,
      trigger: "purchase",
      week: "2026-W48",
      holdout: false,
      facts: { currency: "EUR", minorDigits: 2, floor: 0.35, ceiling: 40, tax: { mode: "inclusive", rate: 0.1 } },
      customer: {
        purchaseCount,
        recencyDays,
        frequencyPerWeek,
        averageOrderMinor: averageOrderMinor ?? 0,
        medianGapDays,
        segment: null,
      },
      candidates,
      sticky: null,
      current: null,
      offeredAt: [],
      remembered: 40 * random.uniform(),
      multiplier: 0.1,
      seed: POLICY_SEED,
      ...versions,
    };
  });
};
