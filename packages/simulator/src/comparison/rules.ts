/** What holds for every policy of a comparison alike. */
export interface Rules {
  /** Number of customers, 1 or more. */
  readonly customers: number;
  /** Days of random offers at the start, the same for all policies: a multiple of 28, at least 56. */
  readonly warmUpDays: number;
  /** Days in which the policies play, at least 1. */
  readonly playDays: number;
  /** Days without any offer at the end: what a policy taught its customers comes home here. At least 1. */
  readonly freeDays: number;
  /** Depths that may be offered, fractions of the list price, ascending, without 0. */
  readonly depths: readonly number[];
  /** A customer is sent an offer at most once in so many days. */
  readonly offerEveryDays: number;
  /** Share of customers who are never offered anything, warm-up included, 0..1. */
  readonly holdoutShare: number;
  /** No new offers while the discounts given exceed this share of turnover at list prices, 0..1. */
  readonly budgetShare: number;
}

/** 26 weeks: 8 of warm-up, 14 of play, 4 without offers. */
export const standardRules: Rules = Object.freeze({
  customers: 2000,
  warmUpDays: 56,
  playDays: 98,
  freeDays: 28,
  depths: Object.freeze([0.05, 0.1, 0.15, 0.2, 0.25, 0.3]),
  offerEveryDays: 7,
  holdoutShare: 0.05,
  budgetShare: 0.1,
});

/** @throws RangeError that names the rule that cannot be played by */
export function requireSoundRules(rules: Rules): void {
  const wholeFrom = (name: keyof Rules, least: number) => {
    const value = rules[name];
    if (!(Number.isInteger(value) && Number(value) >= least))
      throw new RangeError(`A comparison needs ${name} to be a whole number from ${least}, not ${String(value)}.`);
  };
  wholeFrom("customers", 1);
  wholeFrom("warmUpDays", 56);
  wholeFrom("playDays", 1);
  wholeFrom("freeDays", 1);
  wholeFrom("offerEveryDays", 1);
  if (rules.warmUpDays % 28 !== 0)
    throw new RangeError(`A warm-up is made of blocks of 28 days; ${rules.warmUpDays} days are not, take 56 or 84.`);
  const ascending = rules.depths.every((depth, i) => depth > (rules.depths[i - 1] ?? 0) && depth < 1);
  if (rules.depths.length === 0 || !ascending)
    throw new RangeError(
      `The depths of a comparison are fractions between 0 and 1 in ascending order, not ${rules.depths.join(", ") || "none"}.`,
    );
  for (const name of ["holdoutShare", "budgetShare"] as const)
    if (!(rules[name] >= 0 && rules[name] <= 1)) throw new RangeError(`A comparison needs ${name} from 0 to 1, not ${rules[name]}.`);
}
