/**
 * What decisions that were logged say about a segment's demand and memory: maximum a posteriori of α, β, γ₊, γ₋ and ρ from who bought at
 * which depth, visit after visit.
 */
import { choleskySolve } from "../response/choleskySolve.js";
import { sigmoid } from "../response/fitLogistic.js";
import { normalQuantile } from "../normalQuantile.js";
import { utility } from "./demand.js";
import { DEFAULT_PRIORS, PARAMETERS, type DemandPriors, type ParameterName } from "./demandPriors.js";
import type { Demand } from "./gameTerms.js";

/** One customer's visit opportunities in the order of time. */
export interface LoggedSequence {
  /** Percent that the customer saw at each; 0 = no offer or one that was not seen. */
  readonly depths: readonly number[];
  /** Whether they bought at each. */
  readonly bought: readonly boolean[];
  /** Percent remembered before the first; 0 unless told. */
  readonly remembered?: number;
  /**
   * Log-odds at each by which this customer's chance to buy at list price is known to differ from others'; 0 unless told. Where depths went to some rather
   * than others, what tells them apart would otherwise pass for an effect of the depth.
   */
  readonly offsets?: readonly number[];
  /** How much each counts, from 0; 1 unless told. */
  readonly weights?: readonly number[];
}

/** What is known of one parameter, in its own unit. */
export interface ParameterEstimate {
  readonly value: number;
  /** About 80 % of the posterior: from its 10 % to its 90 % quantile. */
  readonly interval: readonly [number, number];
  /** Share of the prior's variance that the data took away (on the scale on which the prior is normal), 0 to 1. */
  readonly learned: number;
  /** `data` from a learned share of a half on; else the value is the prior's, nudged, and a decision must say so. */
  readonly from: "data" | "prior";
}

export interface DemandEstimate {
  readonly demand: Demand;
  /** ρ */
  readonly memory: number;
  readonly parameters: Readonly<Record<ParameterName, ParameterEstimate>>;
  /** Those that the data do not say: a decision that rests on them says so. */
  readonly assumed: readonly ParameterName[];
  readonly epochs: number;
  readonly converged: boolean;
}

const ENOUGH = 0.5;
const MOST_ROUNDS = 200;
/** Standard normal 90 % quantile. */
const DECILE = normalQuantile(0.9);
const NATURAL: Readonly<Record<ParameterName, (at: number) => number>> = {
  base: (at) => at,
  depthEffect: Math.exp,
  gain: Math.exp,
  loss: Math.exp,
  memory: sigmoid,
};

/**
 * The likelihood is of σ(u(d, r)) with r from memory: what a forward-looking customer's waiting takes away is then inside β and γ₊. Fisher
 * scoring with Levenberg's damping; the posterior's spread is Laplace's approximation (Tierney & Kadane 1986). No sequences: the priors.
 *
 * @throws RangeError when a sequence's lengths differ or a depth is outside 0 to below 100
 */
export function estimateDemand(sequences: readonly LoggedSequence[], priors: DemandPriors = DEFAULT_PRIORS): DemandEstimate {
  sequences.forEach(requireSequence);
  const epochs = sequences.reduce((sum, { depths }) => sum + depths.length, 0);
  let at = Float64Array.from(PARAMETERS, (name) => priors[name].mean);
  let here = slopeAt(sequences, priors, at);
  let damping = 1e-3;
  let converged = false;
  for (let round = 0; round < MOST_ROUNDS && !converged; round++) {
    const step = choleskySolve(damped(here.information, damping), here.gradient);
    if (step === null) break;
    const there = at.map((value, i) => value + Math.max(-1, Math.min(1, step[i]!)));
    const next = slopeAt(sequences, priors, there);
    const moved = Math.max(...step.map(Math.abs));
    if (next.objective >= here.objective) [at, here, damping] = [there, next, Math.max(1e-9, damping / 5)];
    else damping *= 5;
    converged = moved < 1e-7 || damping > 1e12;
  }
  const parameters = parametersOf(at, here.information, priors);
  const assumed = PARAMETERS.filter((name) => parameters[name].from === "prior");
  return { ...naturalOf(at), parameters, assumed, epochs, converged };
}

interface Slope {
  /** Log posterior but for a constant. */
  objective: number;
  gradient: Float64Array;
  /** Expected information of the data plus the prior's precision. */
  information: Float64Array;
}

/** Scales of search: α as it is, β, γ₊, γ₋ as logarithms, ρ as a logit; on these the priors are normal. */
function naturalOf(at: Float64Array): { demand: Demand; memory: number } {
  const [base, depthEffect, gain, loss, memory] = PARAMETERS.map((name, i) => NATURAL[name](at[i]!));
  return { demand: { base: base!, depthEffect: depthEffect!, gain: gain!, loss: loss! }, memory: memory! };
}

function slopeAt(sequences: readonly LoggedSequence[], priors: DemandPriors, at: Float64Array): Slope {
  const n = PARAMETERS.length;
  const slope: Slope = { objective: 0, gradient: new Float64Array(n), information: new Float64Array(n * n) };
  const { demand, memory } = naturalOf(at);
  for (const sequence of sequences) addSequence(slope, sequence, demand, memory);
  PARAMETERS.forEach((name, i) => {
    const { mean, deviation } = priors[name];
    slope.objective -= ((at[i]! - mean) / deviation) ** 2 / 2;
    slope.gradient[i]! -= (at[i]! - mean) / deviation ** 2;
    slope.information[i * n + i]! += 1 / deviation ** 2;
  });
  return slope;
}

/** The derivative of the remembered depth by ρ follows the same recursion: (∂r/∂ρ)′ = r − d + ρ ∂r/∂ρ. */
function addSequence(slope: Slope, sequence: LoggedSequence, demand: Demand, memory: number): void {
  const { depths, bought, remembered = 0, offsets, weights } = sequence;
  const derivative = new Float64Array(PARAMETERS.length);
  let r = remembered;
  let byMemory = 0;
  depths.forEach((depth, epoch) => {
    const u = utility(demand, depth, r) + (offsets?.[epoch] ?? 0);
    const above = (depth - r) / 100;
    derivative[0] = 1;
    derivative[1] = (demand.depthEffect * depth) / 100;
    derivative[2] = above > 0 ? demand.gain * above : 0;
    derivative[3] = above > 0 ? 0 : demand.loss * above;
    derivative[4] = ((above > 0 ? -demand.gain : -demand.loss) * byMemory * memory * (1 - memory)) / 100;
    addEpoch(slope, derivative, { u, bought: bought[epoch] === true, weight: weights?.[epoch] ?? 1 });
    byMemory = r - depth + memory * byMemory;
    r = memory * r + (1 - memory) * depth;
  });
}

function addEpoch(slope: Slope, derivative: Float64Array, { u, bought, weight }: { u: number; bought: boolean; weight: number }): void {
  const n = derivative.length;
  const p = sigmoid(u);
  const signed = bought ? u : -u;
  slope.objective += weight * (signed > 0 ? -Math.log1p(Math.exp(-signed)) : signed - Math.log1p(Math.exp(signed)));
  for (let i = 0; i < n; i++) {
    slope.gradient[i]! += weight * ((bought ? 1 : 0) - p) * derivative[i]!;
    for (let j = 0; j < n; j++) slope.information[i * n + j]! += weight * p * (1 - p) * derivative[i]! * derivative[j]!;
  }
}

function damped(information: Float64Array, damping: number): Float64Array {
  const n = PARAMETERS.length;
  return information.map((value, at) => (at % (n + 1) === 0 ? value * (1 + damping) : value));
}

/** The posterior's variance of each parameter is a diagonal element of the inverse information. */
function parametersOf(at: Float64Array, information: Float64Array, priors: DemandPriors): Record<ParameterName, ParameterEstimate> {
  const estimateOf = (name: ParameterName): ParameterEstimate => {
    const i = PARAMETERS.indexOf(name);
    const unit = Float64Array.from(PARAMETERS, (_, j) => (j === i ? 1 : 0));
    const variance = choleskySolve(information, unit)?.[i] ?? priors[name].deviation ** 2;
    const natural = NATURAL[name];
    const reach = DECILE * Math.sqrt(variance);
    const learned = Math.max(0, 1 - variance / priors[name].deviation ** 2);
    const interval = [natural(at[i]! - reach), natural(at[i]! + reach)] as const;
    return { value: natural(at[i]!), interval, learned, from: learned >= ENOUGH ? "data" : "prior" };
  };
  return {
    base: estimateOf("base"),
    depthEffect: estimateOf("depthEffect"),
    gain: estimateOf("gain"),
    loss: estimateOf("loss"),
    memory: estimateOf("memory"),
  };
}

function requireSequence({ depths, bought, remembered = 0, offsets = [], weights = [] }: LoggedSequence, index: number): void {
  if (depths.length !== bought.length)
    throw new RangeError(`Sequence ${index} has ${depths.length} depths and ${bought.length} outcomes; give one of each per visit.`);
  for (const [name, given] of Object.entries({ offsets, weights }))
    if (given.length > 0 && (given.length !== depths.length || !given.every(Number.isFinite)))
      throw new RangeError(
        `Sequence ${index} has ${given.length} ${name} for ${depths.length} visits; give a finite one for each, or none.`,
      );
  if (weights.some((weight) => weight < 0)) throw new RangeError(`Sequence ${index} has a weight below 0; weights are from 0.`);
  const wrong = [...depths, remembered].find((depth) => !(depth >= 0 && depth < 100));
  if (wrong !== undefined) throw new RangeError(`Sequence ${index} has a depth of ${wrong} %; depths are from 0 to below 100.`);
}
