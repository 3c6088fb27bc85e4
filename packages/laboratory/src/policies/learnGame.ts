import { commitToPolicy, type Commitment } from "@kava/algorithms/game/commitToPolicy";
import type { Demand } from "@kava/algorithms/game/gameTerms";
import type { Matrix } from "@kava/algorithms/matrix";
import { fitLogistic, sigmoid } from "@kava/algorithms/response/fitLogistic";
import type { Rules, WarmUpLog } from "@kava/simulator/comparison/learningPolicy";
import { customerWeeksOf, seenShare, type CustomerWeek } from "./customerWeeks.js";
import { signNames } from "./customerSigns.js";
import type { DepthEffects } from "./depthEffects.js";
import type { Standing } from "./standing.js";

/** The game as the shop believes it to be after the warm-up; an epoch is a week. */
export interface LearnedGame {
  /** One of each segment; 0 is those who buy at list price, the others by rising effect of the middle depth. */
  readonly commitments: readonly Commitment[];
  /** rho: share of the remembered depth that lasts a week. */
  readonly memory: number;
  /** Share of offers that are seen: only those teach. */
  readonly seen: number;
  /** Where customers stand in it now. */
  place(standing: CustomersNow): Placed;
}

/** What the shop knows of its customers at a time. */
export type CustomersNow = Pick<Standing, "effects" | "buyers" | "signs">;

export interface Placed {
  /** Index in `commitments` of each customer. */
  readonly segment: Uint8Array;
  /** Each customer's turnover at list price as a multiple of their segment's: there is no more to lose than what is bought at list price. */
  readonly atStake: Float64Array;
}

/** What is not identified by eight weeks: how patient customers are, how the shop weighs the future. */
const patience = 0.4;
const leaderDiscount = 0.98;

/** Days of a week on which a customer may buy: the demand of the game is that of a day, its memory that of a week. */
export const opportunities = 7;

const segments = 4;
const memories = [0.6, 0.7, 0.8, 0.9];

/** Prior of (alpha, beta, gamma gain, gamma loss), depths as fractions: losses weigh twice what gains do (Tversky & Kahneman 1991). */
const priorMean = Float64Array.of(0, 3, 1, 2);
const priorPrecision = Float64Array.of(0.01, 0.1, 0.1, 0.1);
/** Weak: what a remembered depth does to those who buy at list price must not be laid at the door of those who never do. */
const segmentPrecision = Float64Array.of(0.01, 0.01, 0.25, 0.25);

/**
 * Reads demand and memory from the customer-weeks of the warm-up, by segments of how much an offer is predicted to change. Each segment's demand
 * is drawn towards everybody's, everybody's towards a prior; the memory is the one under which the weeks are likeliest.
 */
export function learnGame(log: WarmUpLog, rules: Rules, customers: CustomersNow): LearnedGame {
  const limits = limitsOf(customers);
  const place = (now: CustomersNow): Placed => {
    const segment = segmentsOf(now, limits);
    return { segment, atStake: stakesOf(now.signs, segment) };
  };
  const { segment } = place(customers);
  const weeks = customerWeeksOf(log);
  const some = weeks.filter(({ customer }) => customer % 4 === 0);
  const fits = memories.map((memory) => ({ memory, ...fitDemand(some, memory, priorMean, priorPrecision) }));
  const { memory } = fits.reduce((best, fit) => (fit.logLikelihood > best.logLikelihood ? fit : best));
  const everybody = fitDemand(weeks, memory, priorMean, priorPrecision).coefficients;
  const commitments = Array.from({ length: segments }, (_, at) => {
    const own = weeks.filter(({ customer }) => segment[customer] === at);
    const { coefficients } = fitDemand(own, memory, everybody, segmentPrecision);
    const depths = [0, ...rules.depths.map((depth) => 100 * depth)];
    const terms = { ...pricesOf(log, segment, at), floor: 0, depths, leaderDiscount, memory, gridPoints: 61 };
    return commitToPolicy({ terms, demand: demandOf(coefficients), patience });
  });
  return { commitments, memory, seen: seenShare(log), place };
}

/** Those who buy at list price anyway are one segment; the others fall into thirds of the predicted effect of the middle depth. */
function limitsOf({ effects, buyers }: CustomersNow): number[] {
  const sorted = middleEffect(effects)
    .filter((_, i) => buyers[i] === 0)
    .sort();
  return Array.from({ length: segments - 2 }, (_, at) => sorted[Math.floor(((at + 1) * sorted.length) / (segments - 1))] ?? Infinity);
}

function segmentsOf({ effects, buyers }: CustomersNow, limits: readonly number[]): Uint8Array {
  return Uint8Array.from(middleEffect(effects), (value, i) => (buyers[i] === 1 ? 0 : 1 + limits.filter((limit) => value >= limit).length));
}

function middleEffect({ depths, predicted }: DepthEffects): Float64Array {
  const column = Math.floor(depths.length / 2);
  return Float64Array.from({ length: predicted.rows }, (_, i) => predicted.values[i * depths.length + column]!);
}

function stakesOf({ values, columns }: Matrix, segment: Uint8Array): Float64Array {
  const atList = Float64Array.from(segment, (_, i) => values[i * columns + signNames.indexOf("turnover a day without an offer in hand")]!);
  const sums = new Float64Array(segments);
  const counts = new Float64Array(segments);
  atList.forEach((turnover, i) => {
    sums[segment[i]!]! += turnover;
    counts[segment[i]!]! += 1;
  });
  return atList.map((turnover, i) => (sums[segment[i]!]! > 0 ? (turnover * counts[segment[i]!]!) / sums[segment[i]!]! : 1));
}

interface DemandFit {
  /** alpha, beta, gamma gain, gamma loss */
  readonly coefficients: Float64Array;
  readonly logLikelihood: number;
}

function fitDemand(weeks: readonly CustomerWeek[], memory: number, mean: Float64Array, precision: Float64Array): DemandFit {
  const x = new Float64Array(weeks.length * opportunities * 4);
  const y = new Uint8Array(weeks.length * opportunities);
  let remembered = 0;
  weeks.forEach(({ customer, depth, boughtDays }, at) => {
    if (weeks[at - 1]?.customer !== customer) remembered = 0;
    const row = [1, depth, Math.max(0, depth - remembered), -Math.max(0, remembered - depth)];
    for (let day = 0; day < opportunities; day++) {
      x.set(row, (at * opportunities + day) * 4);
      y[at * opportunities + day] = day < boughtDays ? 1 : 0;
    }
    remembered = memory * remembered + (1 - memory) * depth;
  });
  const { coefficients } = fitLogistic({ x, y, columns: 4, priorMean: mean, priorPrecision: precision });
  let logLikelihood = 0;
  for (let row = 0; row < y.length; row++) {
    let score = 0;
    for (let j = 0; j < 4; j++) score += x[4 * row + j]! * coefficients[j]!;
    logLikelihood += Math.log(sigmoid(y[row] === 1 ? score : -score));
  }
  return { coefficients, logLikelihood };
}

function demandOf([base, ...effects]: Float64Array): Demand {
  const [depthEffect, gain, loss] = effects.map((effect) => Math.max(0, effect));
  return { base: base!, depthEffect: depthEffect!, gain: gain!, loss: loss! };
}

/** Mean basket of a segment at list price, and what it costs the shop; everybody's where the segment bought nothing. */
function pricesOf(log: WarmUpLog, segment: Uint8Array, of: number): { price: number; cost: number } {
  const own = log.purchases.filter(({ customer }) => segment[customer] === of);
  const bought = own.length > 0 ? own : log.purchases;
  const price = bought.reduce((sum, { list }) => sum + list, 0) / Math.max(1, bought.length);
  const cost = bought.reduce((sum, { list, depth, margin }) => sum + list * (1 - depth) - margin, 0) / Math.max(1, bought.length);
  return { price: price || 1, cost };
}
