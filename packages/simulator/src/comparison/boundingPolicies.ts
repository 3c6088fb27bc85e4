import { noOffers, uniformWeekly } from "../policies.js";
import type { LearningPolicy } from "./learningPolicy.js";
import type { WarmUpDecision, WarmUpLog } from "./warmUpLog.js";

/** Nobody is offered anything. */
export const nothing: LearningPolicy = { name: "none", learn: () => noOffers };

/** One depth for everybody once a week, whatever the warm-up said. */
export function uniformPolicy(depth: number): LearningPolicy {
  return { name: `uniform ${Math.round(100 * depth)} %`, learn: () => uniformWeekly(depth) };
}

/** One depth for everybody once a week: the one that earned most in the warm-up, 0 among them. */
export const bestUniform: LearningPolicy = {
  name: "best uniform",
  learn: (log, rules) => {
    const depths = [0, ...rules.depths];
    const margins = marginByDepth(log, depths);
    return uniformWeekly(depths[margins.indexOf(Math.max(...margins))]!);
  },
};

/**
 * What each depth earns: the mean margin a day over the kept decisions of the customers who drew it. All draws of a depth are equally
 * likely, so the mean is the self-normalised estimate by inverse propensity. What a customer earned before explains much of the
 * noise and is taken out first (CUPED: Deng, Xu, Kohavi & Walker 2013). -Infinity for a depth that nobody drew.
 */
export function marginByDepth(log: WarmUpLog, depths: readonly number[]): Float64Array {
  const kept = log.decisions.filter((decision) => decision.days > 7);
  const before = marginsOf(
    log,
    kept.map((decision) => ({ ...decision, day: 0, days: decision.day })),
  );
  const adjusted = withoutBefore(marginsOf(log, kept), before);
  return Float64Array.from(depths, (depth) => {
    let sum = 0;
    let count = 0;
    kept.forEach((decision, i) => {
      if (decision.depth !== depth) return;
      sum += adjusted[i]!;
      count += 1;
    });
    return count > 0 ? sum / count : -Infinity;
  });
}

function withoutBefore(outcome: Float64Array, before: Float64Array): Float64Array {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanOutcome, meanBefore] = [mean(outcome), mean(before)];
  let covariance = 0;
  let variance = 0;
  outcome.forEach((value, i) => {
    covariance += (value - meanOutcome) * (before[i]! - meanBefore);
    variance += (before[i]! - meanBefore) ** 2;
  });
  const slope = variance > 0 ? covariance / variance : 0;
  return outcome.map((value, i) => value - slope * (before[i]! - meanBefore));
}

/** Margin of each decision's customer a day, from the day of the decision to the end of its days or of the log; core currency. */
export function marginsOf(log: WarmUpLog, decisions: readonly WarmUpDecision[]): Float64Array {
  const daily = new Float64Array(log.size * log.days);
  for (const { customer, day, margin } of log.purchases) daily[customer * log.days + day]! += margin;
  return Float64Array.from(decisions, ({ customer, day, days }) => {
    const end = Math.min(day + days, log.days);
    let sum = 0;
    for (let at = day; at < end; at++) sum += daily[customer * log.days + at]!;
    return sum / (end - day);
  });
}
