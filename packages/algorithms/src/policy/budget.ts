/** λ, the price of a unit of budget: what makes decisions spend no more than there is (a Lagrange multiplier). */

export interface MultiplierFound {
  /** λ ≥ 0. */
  readonly multiplier: number;
  /** Expected cost of all decisions at it, in the unit of the budget. */
  readonly expectedCost: number;
  /** False where even the greatest λ spends more than the budget: exploration alone does. */
  readonly fits: boolean;
}

/** No offer is worth a thousand million times its cost. */
const MOST_MULTIPLIER = 1e9;

/**
 * The smallest λ ≥ 0 (to 1e-9, relative above 1) whose expected cost is within the budget, by bisection.
 *
 * @param expectedCost never rises with λ; steps are allowed: the answer is on the side that fits
 * @param budget ≥ 0
 * @throws RangeError when the budget or a cost is not a number from 0
 */
export function smallestMultiplier(expectedCost: (multiplier: number) => number, budget: number): MultiplierFound {
  if (!(budget >= 0)) throw new RangeError(`The budget is ${budget}; it must be a number from 0.`);
  const costAt = (multiplier: number): number => {
    const cost = expectedCost(multiplier);
    if (!(cost >= 0)) throw new RangeError(`The expected cost at λ = ${multiplier} is ${cost}; it must be a number from 0.`);
    return cost;
  };
  const free = costAt(0);
  if (free <= budget) return { multiplier: 0, expectedCost: free, fits: true };
  let low = 0;
  let high = 1;
  while (costAt(high) > budget) {
    [low, high] = [high, 2 * high];
    if (high > MOST_MULTIPLIER) return { multiplier: low, expectedCost: costAt(low), fits: false };
  }
  while (high - low > 1e-9 * Math.max(1, high)) {
    const middle = (low + high) / 2;
    if (costAt(middle) > budget) low = middle;
    else high = middle;
  }
  return { multiplier: high, expectedCost: costAt(high), fits: true };
}

/** A depth of one decision: what it is worth but for the budget (L − κ − c_send), and its expected cost (≥ 0). */
export interface BudgetedArm {
  readonly worth: number;
  readonly cost: number;
}

/**
 * The expected cost of decisions that each take the best arm at λ, or none where none is worth more than nothing; ties go to what costs less. It
 * never rises with λ. Use it with `smallestMultiplier`; what exploration spends on top is taken from the budget first.
 *
 * @param decisions for each its permitted arms, no offer left out
 */
export function greedyCost(decisions: readonly (readonly BudgetedArm[])[], multiplier: number): number {
  let sum = 0;
  for (const arms of decisions) {
    let best = 0;
    let cost = 0;
    for (const arm of arms) {
      const worth = arm.worth - multiplier * arm.cost;
      if (worth > best || (worth === best && arm.cost < cost)) [best, cost] = [worth, arm.cost];
    }
    sum += cost;
  }
  return sum;
}

export interface SpendRates {
  /** Spent in the last interval, in the unit of the target. */
  readonly spend: number;
  readonly target: number;
  /** η > 0: how much λ moves for one unit of overspending. */
  readonly step: number;
}

/**
 * λ ← max(0, λ + η (spend − target)): between two bisections λ rises while more is spent than planned and falls while less is (dual gradient
 * descent: Balseiro, Lu & Mirrokni 2020).
 *
 * @throws RangeError when a number is not finite, λ is below 0 or η not above 0
 */
export function updatedMultiplier(multiplier: number, { spend, target, step }: SpendRates): number {
  if (!(multiplier >= 0 && step > 0 && Number.isFinite(multiplier + step + spend + target)))
    throw new RangeError(
      `λ ${multiplier}, spend ${spend}, target ${target} and step ${step} must be finite, λ not below 0, the step above 0.`,
    );
  return Math.max(0, multiplier + step * (spend - target));
}
