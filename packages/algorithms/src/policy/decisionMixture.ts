/** The policy's whole probability vector over depths: mostly the best cautious one, sometimes what might be better still. */
import { uniformAt } from "../random.js";
import type { KeyPart } from "../hash.js";
import { thompsonProbabilities, type Belief } from "./thompson.js";

/** ε: the share of decisions that explore. */
export const EXPLORATION = 0.1;

/** A depth that could be offered. Money in minor units, expected for one customer and one offer. */
export interface DepthArm {
  /** Percent, above 0. */
  readonly depth: number;
  /** L: the cautious lower bound of what it changes. */
  readonly lower: number;
  /** What is believed of what it changes: the posterior, frozen for the day. */
  readonly belief: Belief;
  /** κ: the price of teaching the customer to wait. */
  readonly teaching: number;
  /** p(d) · d · P · q: the discount given away, ≥ 0; it draws on the budget. */
  readonly cost: number;
  /** c_send: what sending it costs, ≥ 0. */
  readonly sending: number;
}

export interface MixtureQuestion {
  /** Every depth that is known of, each once. */
  readonly arms: readonly DepthArm[];
  /** Depths that may be offered now, percent; no other is ever drawn. 0 always may. */
  readonly permitted: readonly number[];
  /** λ ≥ 0: what a unit of cost is worth while the budget is short. */
  readonly multiplier: number;
  /** ε, 0 to 1; 0.1 unless told. */
  readonly exploration?: number;
}

/** A depth with the probability that the policy chooses it. */
export interface DepthProbability {
  readonly depth: number;
  readonly probability: number;
}

export interface Mixture {
  /** By rising depth, 0 first; they sum to 1, and none is below ε / (2 K) of the K permitted ones. */
  readonly propensities: readonly DepthProbability[];
  /** The depth that is chosen when not exploring; 0 where no offer is worth more than none. */
  readonly greedy: number;
  /** L − κ − λ · cost − c_send of each, by rising depth; 0 at 0. */
  readonly worths: readonly { readonly depth: number; readonly worth: number }[];
}

/**
 * With 1 − ε the argmax of L − κ − λ · cost − c_send, else 0 %; with ε half uniform and half Thompson sampling over the permitted depths, so that
 * each has at least ε / (2 K). Ties go to less discount. Nothing is drawn here: the same question has the same answer.
 *
 * @throws RangeError when a number is outside its range or a depth stands there twice
 */
export function decisionMixture(question: MixtureQuestion): Mixture {
  const { multiplier, exploration = EXPLORATION } = question;
  if (!(multiplier >= 0 && Number.isFinite(multiplier)))
    throw new RangeError(`The budget's λ is ${multiplier}; it is finite and not below 0.`);
  if (!(exploration >= 0 && exploration <= 1)) throw new RangeError(`The share of exploration is ${exploration}; it lies in 0 to 1.`);
  const arms = [NO_OFFER, ...permittedArms(question)];
  const worths = arms.map(({ depth, lower, ...arm }) => ({ depth, worth: lower - burdenOf(arm, multiplier) }));
  const greedy = worths.reduce((best, each) => (each.worth > best.worth ? each : best)).depth;
  const thompson = thompsonProbabilities(
    arms.map((arm) => ({ mean: arm.belief.mean - burdenOf(arm, multiplier), deviation: arm.belief.deviation })),
  );
  const propensities = arms.map(({ depth }, k) => ({
    depth,
    probability: (depth === greedy ? 1 - exploration : 0) + exploration / (2 * arms.length) + (exploration / 2) * thompson[k]!,
  }));
  return { propensities, greedy, worths };
}

/** Draws a depth, percent; the same seed and key always draw the same. @throws RangeError without propensities */
export function drawDepth(propensities: readonly DepthProbability[], seed: number, ...key: KeyPart[]): number {
  const last = propensities.at(-1);
  if (last === undefined) throw new RangeError("There is no depth to draw from; 0 % is always one.");
  let left = uniformAt(seed, "depth", ...key);
  for (const { depth, probability } of propensities) {
    if (left < probability) return depth;
    left -= probability;
  }
  return last.depth; // sums of doubles may end a hair below 1
}

const NO_OFFER: DepthArm = { depth: 0, lower: 0, belief: { mean: 0, deviation: 0 }, teaching: 0, cost: 0, sending: 0 };

function burdenOf({ teaching, cost, sending }: Pick<DepthArm, "teaching" | "cost" | "sending">, multiplier: number): number {
  return teaching + multiplier * cost + sending;
}

function permittedArms({ arms, permitted }: MixtureQuestion): DepthArm[] {
  arms.forEach(requireArm);
  if (new Set(arms.map(({ depth }) => depth)).size < arms.length)
    throw new RangeError(`A depth stands there twice: ${arms.map(({ depth }) => depth).join(", ")}.`);
  return arms.filter(({ depth }) => permitted.includes(depth)).sort((a, b) => a.depth - b.depth);
}

function requireArm({ depth, lower, belief, teaching, cost, sending }: DepthArm): void {
  const sound = depth > 0 && depth <= 100 && cost >= 0 && sending >= 0;
  if (!sound || ![lower, belief.mean, belief.deviation, teaching, cost, sending].every(Number.isFinite))
    throw new RangeError(
      `The arm of ${depth} % has bound ${lower}, teaching ${teaching}, cost ${cost}, sending ${sending}: all must be finite, the depth above 0, the last two not below 0.`,
    );
}
