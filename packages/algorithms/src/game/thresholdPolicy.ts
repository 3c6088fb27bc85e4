import { remember } from "./demand.js";
import { THRESHOLDS } from "./gameTerms.js";

/** The shop's committed policy: `high` while the customer remembers no more than `threshold`, else `low`. All percent. */
export interface ThresholdPolicy {
  readonly high: number;
  readonly low: number;
  /** θ; 100 when high = low. */
  readonly threshold: number;
}

/** The depth of a policy for a customer who remembers this much. */
export function depthFor({ high, low, threshold }: ThresholdPolicy, remembered: number): number {
  return remembered <= threshold + 1e-9 ? high : low;
}

/** Every threshold policy over these depths (rising), from less discount to more. */
export function* thresholdPolicies(depths: readonly number[]): Generator<ThresholdPolicy> {
  for (const high of depths)
    for (const low of depths.filter((depth) => depth <= high))
      for (const threshold of high > low ? THRESHOLDS : [100]) yield { high, low, threshold };
}

/**
 * Simulates the horizon: the mean depth that a customer sees over these epochs, percent, when each offer is seen.
 *
 * @param remembered percent at the start
 */
export function meanDepth(policy: ThresholdPolicy, memory: number, remembered = 0, epochs = 400): number {
  let sum = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const depth = depthFor(policy, remembered);
    sum += depth;
    remembered = remember(memory, remembered, depth);
  }
  return sum / epochs;
}
