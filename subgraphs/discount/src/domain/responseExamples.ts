import type { ResponseExample } from "@kava/algorithms/response/fitPriorElasticity";
import { MOST_CANDIDATES, OFFER_DAYS } from "./policy.js";

/** One customer's visits, oldest first, and the spans [from, until) in which they had an offer. */
export interface VisitHistory {
  visits: readonly { at: Date; totalMinor: number; itemIds: readonly string[] }[];
  offered: readonly { from: Date; until: Date }[];
}

export interface ExampleSetting {
  /** List price of each item that is still sold, minor units. */
  prices: ReadonlyMap<string, number>;
  /** Items with the share of all purchases that held them, most popular first. */
  popular: readonly { itemId: string; share: number }[];
  /** The moments to look back from, oldest first: what was known before is the features, what followed is the answer. */
  snapshots: readonly Date[];
}

const DAY_MS = 86_400_000;
/** Purchases of everybody that weigh against a customer's own, as in the candidates. */
const PRIOR_PURCHASES = 2;

/**
 * What one customer's history teaches: at each moment, for the items they would have been offered, whether they bought it within an
 * offer's life. A moment whose answer would fall into an offer of theirs teaches nothing and is left out, so that each answer is one without a
 * personal offer: whoever is never offered anything (the holdout) goes on teaching.
 */
export const examplesOf = ({ visits, offered }: VisitHistory, { prices, popular, snapshots }: ExampleSetting): ResponseExample[] =>
  snapshots.flatMap((moment) => {
    const before = visits.filter((visit) => visit.at < moment);
    if (before.length === 0) return [];
    const end = moment.getTime() + OFFER_DAYS * DAY_MS;
    if (offered.some(({ from, until }) => from.getTime() < end && until > moment)) return [];
    const after = new Set(visits.filter((visit) => visit.at >= moment && visit.at.getTime() < end).flatMap((visit) => visit.itemIds));
    const habits = habitsOf(before, moment);
    return likedThen(before, popular, prices).map(({ itemId, score, priceMinor }): ResponseExample => ({
      features: { ...habits, tasteScore: score, priceMinor },
      bought: after.has(itemId),
    }));
  });

const habitsOf = (before: VisitHistory["visits"], moment: Date) => {
  const times = before.map((visit) => visit.at.getTime());
  const gaps = times
    .slice(1)
    .map((time, i) => (time - times[i]!) / DAY_MS)
    .sort((a, b) => a - b);
  const middle = gaps.length >> 1;
  return {
    recencyDays: (moment.getTime() - times.at(-1)!) / DAY_MS,
    medianGapDays: gaps.length === 0 ? null : gaps.length % 2 === 1 ? gaps[middle]! : (gaps[middle - 1]! + gaps[middle]!) / 2,
    purchaseCount: before.length,
    frequencyPerWeek: before.length / Math.max(1, (moment.getTime() - times[0]!) / (7 * DAY_MS)),
    averageOrderMinor: before.reduce((sum, visit) => sum + visit.totalMinor, 0) / before.length,
  };
};

/** The items that would have been candidates, with the liking that was known: own purchases against what everybody buys. */
const likedThen = (
  before: VisitHistory["visits"],
  popular: ExampleSetting["popular"],
  prices: ExampleSetting["prices"],
): { itemId: string; score: number; priceMinor: number }[] => {
  const shares = new Map(popular.map(({ itemId, share }) => [itemId, share * PRIOR_PURCHASES]));
  for (const itemId of before.flatMap((visit) => visit.itemIds)) shares.set(itemId, (shares.get(itemId) ?? 0) + 1);
  return [...shares]
    .flatMap(([itemId, weight]) => {
      const priceMinor = prices.get(itemId);
      return priceMinor === undefined ? [] : [{ itemId, score: Math.min(1, weight / (before.length + PRIOR_PURCHASES)), priceMinor }];
    })
    .sort((a, b) => b.score - a.score || (a.itemId < b.itemId ? -1 : 1))
    .slice(0, MOST_CANDIDATES);
};

/** The moments a week apart that end an offer's life before `now`, at most `most` of them, oldest first. */
export const weeklySnapshots = (now: Date, most: number): Date[] =>
  Array.from({ length: most }, (_, i) => new Date(now.getTime() - (OFFER_DAYS + 7 * (most - 1 - i)) * DAY_MS));
