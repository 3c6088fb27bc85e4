import type { UpliftLog } from "@kava/algorithms/policy/upliftLog";
import { createRandom, type Random } from "@kava/algorithms/random";
import { COLUMNS, encodeFeatures } from "@kava/algorithms/response/encodeFeatures";
import type { ResponseFeatures } from "@kava/algorithms/response/responseModel";

const PRICE = 450;
const COST = 140;
/** How much louder than the item itself all else is that a customer leaves at the shop, minor units. */
const NOISE = 60;

/**
 * A log of weeks of which chance decided the depth, all alike likely, one week for each customer. Only those who come neither rarely nor often are moved by a discount:
 * straight lines do not see whom, trees do, so that the model of it is of rung 3.
 */
export const randomisedLog = (customers: number, depths: readonly number[]): UpliftLog => {
  const random = createRandom(1, "bench", "decision");
  const rows = Array.from({ length: customers }, () => weekOf(random, depths));
  const column = (of: (row: Week) => number) => Float64Array.from(rows, of);
  return {
    features: { rows: customers, columns: COLUMNS.length, values: Float64Array.from(rows.flatMap(({ features }) => [...features])) },
    depths: column(({ depth }) => depth),
    drawable: depths,
    propensities: { rows: customers, columns: depths.length, values: new Float64Array(customers * depths.length).fill(1 / depths.length) },
    outcomes: column(({ outcome }) => outcome),
    units: column(({ units }) => units),
    prices: new Float64Array(customers).fill(PRICE),
    costs: new Float64Array(customers).fill(COST),
    customers: Float64Array.from({ length: customers }, (_, row) => row),
    baseLogOdds: column(({ base }) => base),
  };
};

interface Week {
  readonly features: Float64Array;
  readonly depth: number;
  readonly units: number;
  readonly outcome: number;
  readonly base: number;
}

const weekOf = (random: Random, depths: readonly number[]): Week => {
  const asked = featuresAtRandom(random);
  const base = Math.log(asked.tasteScore / (1 - asked.tasteScore));
  const depth = depths[random.integer(depths.length)]!;
  const moved = asked.frequencyPerWeek > 0.7 && asked.frequencyPerWeek < 1.8;
  const odds = Math.exp(base) * (1 - depth / 100) ** (moved ? -6 : -0.2);
  const units = random.uniform() < odds / (1 + odds) ? 1 + random.integer(2) : 0;
  const earned = units * ((1 - depth / 100) * PRICE - COST);
  return { features: encodeFeatures(asked), depth, units, base, outcome: 400 + earned + NOISE * random.normal() };
};

/** A customer's habits and an item, as a decision asks about them. */
export const featuresAtRandom = (random: Random): ResponseFeatures => ({
  recencyDays: 30 * random.uniform(),
  medianGapDays: 2 + 12 * random.uniform(),
  purchaseCount: 1 + random.integer(60),
  frequencyPerWeek: 2.5 * random.uniform(),
  averageOrderMinor: 300 + random.integer(700),
  tasteScore: 0.05 + 0.3 * random.uniform(),
  priceMinor: PRICE,
});
