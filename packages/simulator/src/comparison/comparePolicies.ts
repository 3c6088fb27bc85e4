import type { Life, World } from "../worlds.js";
import type { LearningPolicy } from "./learningPolicy.js";
import { playSeed, type SeedOutcome } from "./playSeed.js";
import { standardRules, type Rules } from "./rules.js";
import { studentInterval, type Interval } from "./studentInterval.js";

export interface ComparisonOptions {
  readonly world: World;
  readonly life?: Life | undefined;
  /** Plugged in between "best uniform" and "oracle". */
  readonly learners: readonly LearningPolicy[];
  /** Number of worlds of the kind, seeds 1 .. worlds; default 20. */
  readonly worlds?: number;
  readonly rules?: Rules;
  /** Called after every world with the number of those done. */
  readonly onProgress?: (done: number, worlds: number) => void;
}

/** Mean outcomes of one policy over the worlds, money a customer in core currency over the weeks after the warm-up. */
export interface PolicyRow extends Omit<SeedOutcome, "margin"> {
  readonly margin: Interval;
  /** Paired on the same luck: this policy less another. */
  readonly againstNone: Interval;
  readonly againstBestUniform: Interval;
  /** The difference to none, in percent of the margin of none. */
  readonly percentOfNone: Interval;
  /** (this - best uniform) / (oracle - best uniform), of the means; 0 = best uniform, 1 = oracle. Null where the oracle gains nothing. */
  readonly captured: number | null;
}

/** A plain result: nothing but numbers, names and arrays. */
export interface PolicyComparison {
  readonly worlds: number;
  readonly rules: Rules;
  /** none, best uniform, the learners, the best uniform in hindsight, oracle, then every uniform depth. */
  readonly policies: readonly PolicyRow[];
  /** Margin of each world by policy, in the order of `policies`: what the intervals are made of. */
  readonly marginsByPolicy: readonly (readonly number[])[];
}

export const hindsightName = "best uniform in hindsight";

/**
 * Plays policies against each other in many worlds of one kind, on the same luck, after the same warm-up and under the same rules.
 * Synchronous and deterministic: a standard world takes about 8 seconds (most of it the oracle's expectation).
 *
 * @throws RangeError when a rule or the number of worlds is out of range
 */
export function comparePolicies(options: ComparisonOptions): PolicyComparison {
  const { world, life, learners, worlds = 20, rules = standardRules, onProgress } = options;
  if (!(Number.isInteger(worlds) && worlds >= 1))
    throw new RangeError(`A comparison takes a whole number of worlds, at least 1, not ${worlds}.`);
  const outcomes: (readonly SeedOutcome[])[] = [];
  for (let seed = 1; seed <= worlds; seed++) {
    outcomes.push(playSeed({ world, life, rules, seed }, learners));
    onProgress?.(seed, worlds);
  }
  return summariseWorlds(outcomes, rules);
}

/** Tables of several worlds as one. For whoever plays the seeds on their own, e.g. with pauses. */
export function summariseWorlds(outcomes: readonly (readonly SeedOutcome[])[], rules: Rules): PolicyComparison {
  const names = outcomes[0]!.map((outcome) => outcome.policy);
  const columns = names.map((_, at) => outcomes.map((world) => world[at]!));
  const hindsight = bestInHindsight(columns.slice(-rules.depths.length).concat([columns[0]!]));
  const all: readonly Column[] = columns.toSpliced(names.indexOf("oracle"), 0, hindsight);
  const of = (name: string) => all.find((column) => column[0]!.policy === name)!;
  const reference = { none: of("none"), uniform: of("best uniform"), oracle: of("oracle") };
  return {
    worlds: outcomes.length,
    rules,
    policies: all.map((column) => rowOf(column, reference)),
    marginsByPolicy: all.map((column) => column.map((outcome) => outcome.margin)),
  };
}

type Column = readonly SeedOutcome[];

/** In each world the uniform depth (0 among them) that turned out best there: nobody can choose it beforehand. */
function bestInHindsight(uniforms: readonly Column[]): SeedOutcome[] {
  return uniforms[0]!.map((_, seed) => {
    const best = uniforms.map((column) => column[seed]!).reduce((a, b) => (b.margin > a.margin ? b : a));
    return { ...best, policy: hindsightName };
  });
}

function rowOf(column: Column, reference: { none: Column; uniform: Column; oracle: Column }): PolicyRow {
  const mean = (key: Exclude<keyof SeedOutcome, "policy">, of: Column = column) =>
    of.reduce((sum, outcome) => sum + outcome[key], 0) / of.length;
  const toGain = mean("margin", reference.oracle) - mean("margin", reference.uniform);
  return {
    policy: column[0]!.policy,
    margin: studentInterval(column.map((outcome) => outcome.margin)),
    againstNone: pairedDifference(marginsOf(column), marginsOf(reference.none)),
    againstBestUniform: pairedDifference(marginsOf(column), marginsOf(reference.uniform)),
    percentOfNone: studentInterval(column.map((outcome, i) => 100 * (outcome.margin / reference.none[i]!.margin - 1))),
    captured: toGain > 0 ? (mean("margin") - mean("margin", reference.uniform)) / toGain : null,
    freeMargin: mean("freeMargin"),
    discount: mean("discount"),
    offers: mean("offers"),
    meanDepth: mean("meanDepth"),
    learntToWait: mean("learntToWait"),
  };
}

function marginsOf(column: Column): number[] {
  return column.map((outcome) => outcome.margin);
}

/** The t interval of paired differences: how much more the first earned than the second on the same luck. */
export function pairedDifference(first: readonly number[], second: readonly number[]): Interval {
  return studentInterval(first.map((value, i) => value - second[i]!));
}
