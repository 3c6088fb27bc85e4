/**
 * How much what a customer had counts against what is new to them, learned from what came next: everything is learned from the earlier four
 * fifths of the baskets, and the first later basket of each customer says how often news were taken and how right the chances were.
 */
import { usualShares } from "./usualShares.js";
import { habitPrior, type History } from "./habitPrior.js";
import { divideAt, type NextBasket, type OwnedBasket } from "./laterBaskets.js";
import { fitNovelty, PRIOR_NOVELTY, type NoveltyCase } from "./novelty.js";
import { readEvidence } from "./evidence.js";
import { newsShares } from "./rankingTerms.js";
import { createRanker } from "./rankItems.js";
import { fitSurprise, USUAL_SURPRISE, type SharedNews } from "./surprise.js";
import type { ItemList } from "./mineItemsets.js";
import type { Habits, RankerEvidence, Trust } from "./rankerEvidence.js";

/** What can be known at a moment. */
export interface HabitInput {
  readonly customers: readonly History[];
  /** The latest baskets, oldest first. */
  readonly baskets: readonly OwnedBasket[];
  /** Share of the baskets that hold each item. */
  readonly popularity: ArrayLike<number>;
}

/** What ranks, but for habits and what only the menu of the day says. */
export type TrialEvidence = Omit<RankerEvidence, "habits" | "inOneBasket" | "margins" | "available">;

/** Share of the baskets that judge, and customers asked at the most: more say no more. */
const JUDGING_SHARE = 0.2;
const MOST_ASKED = 1_500;
/** Hits and misses are compared among so many known and so many new items of each: what a list can show. */
const COMPARED = 20;
/** Hits that the chances, as they are, count as. */
const PRIOR_HITS = 20;
const MOST_TRUST = 5;
const UNTRIED: Trust = { known: 1, news: 1 };

/**
 * @param evidenceOf learns what ranks from the histories and baskets of the earlier time; it is asked once, and not at all when nobody came again
 * @returns sound for no customer, one customer, one item, one basket
 */
export function learnHabits(
  input: HabitInput,
  evidenceOf: (histories: readonly History[], earlier: readonly ItemList[]) => TrialEvidence,
): Habits {
  const all = untried(input);
  const { customers, baskets } = input;
  const cut = Math.floor((1 - JUDGING_SHARE) * baskets.length);
  const { histories, next } = divideAt(customers, baskets.slice(cut));
  const asked = next.slice(0, MOST_ASKED);
  if (asked.length === 0) return all;
  const novelty = fitNovelty(asked.map(caseOf));
  const earlier = baskets.slice(0, cut);
  const evidence = evidenceOf(
    histories,
    earlier.map(({ items }) => items),
  );
  const then = untried({ customers: histories, baskets: earlier, popularity: evidence.popularity });
  const surprise = fitSurprise(sharedNews(asked, evidence));
  return { ...all, novelty, surprise, trust: trustOf(asked, evidence, { ...then, novelty, surprise }) };
}

/** Habits of these customers before anything later is known. */
function untried({ customers, baskets, popularity }: HabitInput): Habits {
  const usual = usualShares(customers, popularity);
  let bought = 0;
  for (const { items } of baskets) bought += items.length;
  return {
    usual,
    priorBaskets: habitPrior(customers, usual),
    basketSize: baskets.length === 0 ? 1 : Math.max(1, bought / baskets.length),
    novelty: PRIOR_NOVELTY,
    surprise: USUAL_SURPRISE,
    trust: UNTRIED,
  };
}

function caseOf({ before, items }: NextBasket): NoveltyCase {
  const known = new Set(before.history.map((entry) => entry.item));
  const had = [...new Set(Array.from(items))];
  return { history: before.history, items: had.length, fresh: had.filter((item) => !known.has(item)).length };
}

function sharedNews(asked: readonly NextBasket[], evidence: TrialEvidence): SharedNews[] {
  const read = readEvidence(evidence);
  return asked.map(({ before, items }) => {
    const had = before.history.map((entry) => entry.item);
    const known = new Set(had);
    const shares = Float32Array.from(newsShares(read(had), evidence.weights));
    return {
      shares,
      unknown: shares.length - known.size,
      came: [...new Set(Array.from(items))].filter((item) => !known.has(item)),
    };
  });
}

/** Under which as many hits are expected as there were, among what leads the known and the new items of each. */
function trustOf(asked: readonly NextBasket[], evidence: TrialEvidence, habits: Habits): Trust {
  const rank = createRanker({ ...evidence, habits, inOneBasket: () => false, margins: [], available: () => true });
  const [known, news]: [Tally, Tally] = [
    { chances: [], hits: 0 },
    { chances: [], hits: 0 },
  ];
  for (const { before, items } of asked) {
    const had = new Set(before.history.map((entry) => entry.item));
    const came = new Set(Array.from(items));
    const ranked = rank(before, { limit: Infinity });
    for (const tally of [known, news]) {
      for (const { item, score } of ranked.filter((each) => had.has(each.item) === (tally === known)).slice(0, COMPARED)) {
        tally.chances.push(score);
        if (came.has(item)) tally.hits += 1;
      }
    }
  }
  const ofKnown = powerOf(known);
  return { known: ofKnown, news: Math.min(ofKnown / (1 - habits.surprise), powerOf(news)) };
}

interface Tally {
  readonly chances: number[];
  hits: number;
}

/** The k of 1 − (1 − chance)^k whose sum is the number of hits, from 1 / `MOST_TRUST` to it; by bisection, because the sum grows with k. */
function powerOf({ chances, hits }: Tally): number {
  let [low, high] = [-Math.log(MOST_TRUST), Math.log(MOST_TRUST)];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    const expected = sumOf(chances, Math.exp(middle));
    // a prior of so many hits pulls ln k towards 0
    if (expected + PRIOR_HITS * middle < hits) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

const sumOf = (chances: readonly number[], power: number): number => chances.reduce((sum, chance) => sum + 1 - (1 - chance) ** power, 0);
