import type { Segment, SegmentModel } from "./segmentModel.js";

/** What a customer says of themselves at registration; nothing of it is required. */
export interface Declared {
  /** Names of categories (in any letter case) that they like. */
  readonly tastes?: readonly string[] | undefined;
  readonly venue?: string | null | undefined;
  readonly channel?: string | null | undefined;
}

export interface Provisional {
  readonly segment: Segment;
  /** Probability of the segment given what was declared, 1 / segments to 1. */
  readonly confidence: number;
}

/** A share that no member has is unlikely, not impossible. */
const SMOOTHING = 0.02;

/**
 * The likeliest segment of a customer who has not bought yet: naive Bayes over the segments' sizes and what their members buy, where, and
 * through which channel. With nothing declared it is the largest segment.
 *
 * @throws RangeError when the model has no segment
 */
export function provisionalSegment(model: SegmentModel, declared: Declared): Provisional {
  const logs = model.segments.map((segment) => logLikelihood(segment, declared));
  const greatest = Math.max(...logs);
  const index = logs.indexOf(greatest);
  const segment = model.segments[index];
  if (segment === undefined) throw new RangeError("The segment model has no segment; train it again.");
  return { segment, confidence: 1 / logs.reduce((sum, log) => sum + Math.exp(log - greatest), 0) };
}

function logLikelihood({ size, portrait }: Segment, { tastes = [], venue = null, channel = null }: Declared): number {
  let log = Math.log(Math.max(1, size));
  const categories = new Map(Object.entries(portrait.categories).map(([category, share]) => [category.toLowerCase(), share]));
  const known = tastes.map((taste) => taste.toLowerCase());
  for (const taste of known) log += Math.log((categories.get(taste) ?? 0) + SMOOTHING);
  if (venue !== null) log += Math.log((portrait.venues[venue] ?? 0) + SMOOTHING);
  if (channel !== null) log += Math.log((portrait.channels[channel] ?? 0) + SMOOTHING);
  return log;
}
