import { createRandom, shuffledIndices } from "@kava/algorithms/random";
import type { Baskets } from "./baskets.js";
import type { Scorer } from "./recommendScorers.js";

/** Sets to learn from, and questions: what is missing beside a context. */
export interface Trial {
  readonly training: readonly (readonly number[])[];
  readonly questions: readonly Question[];
}

export interface Question {
  readonly context: readonly number[];
  /** The items to find, none of them in the context, at least one. */
  readonly hidden: readonly number[];
}

export interface Scores {
  /** Share of the questions with a hidden item among the first five. */
  readonly hitRate: number;
  /** Normalised discounted cumulative gain of the first five (Järvelin & Kekäläinen 2002). */
  readonly ndcg: number;
}

const FIRST = 5;
const TRAINING_SHARE = 0.8;
/** More questions tell no more. */
const MOST_QUESTIONS = 10_000;

/** Learns from four fifths of the baskets; in each of the others with two items or more, one is hidden. */
export const hideOneItem = ({ baskets }: Baskets, seed: number): Trial => {
  const random = createRandom(seed, "laboratory", "recommend");
  const training: (readonly number[])[] = [];
  const questions: Question[] = [];
  for (const basket of baskets) {
    if (random.uniform() < TRAINING_SHARE) training.push(basket);
    else if (basket.length > 1) {
      const at = random.integer(basket.length);
      questions.push({ context: basket.toSpliced(at, 1), hidden: [basket[at]!] });
    }
  }
  return { training, questions: someOf(questions, seed) };
};

/** Learns from the baskets before a moment (milliseconds); in each later one with two items or more, one is hidden. */
export const hideOneItemAfter = ({ baskets, moments }: Baskets, from: number, seed: number): Trial => {
  const random = createRandom(seed, "laboratory", "recommend later");
  const later = baskets.filter((basket, at) => moments[at]! >= from && basket.length > 1);
  const questions = later.map((basket) => {
    const at = random.integer(basket.length);
    return { context: basket.toSpliced(at, 1), hidden: [basket[at]!] };
  });
  return { training: baskets.filter((_, at) => moments[at]! < from), questions: someOf(questions, seed) };
};

/** Learns from all baskets of each customer but the last one in the table; asks what in it is new to the customer. */
export const newItemsOfCustomers = (read: Baskets, seed: number): Trial =>
  newItems(
    read,
    basketsOfCustomers(read).map((own) => {
      const count = Math.max(1, own.length - 1);
      return { before: own.slice(0, count), after: own.slice(count) };
    }),
    seed,
  );

/** Learns from what each customer bought before a moment (milliseconds); asks what they bought from then on and never before. */
export const newItemsAfter = (read: Baskets, from: number, seed: number): Trial =>
  newItems(
    read,
    basketsOfCustomers(read).map((own) => ({
      before: own.filter((at) => read.moments[at]! < from),
      after: own.filter((at) => read.moments[at]! >= from),
    })),
    seed,
  );

/** The day of which a share of the baskets is before, milliseconds: the first day of those that judge. */
export const dayAfterMost = (moments: Float64Array): number =>
  Math.floor(moments.toSorted()[Math.floor(TRAINING_SHARE * moments.length)]! / DAY) * DAY;

const DAY = 86_400_000;

/** The places of each customer's baskets; customers without one are left out. */
const basketsOfCustomers = ({ baskets, customers, customerCount }: Baskets): number[][] => {
  const own: number[][] = Array.from({ length: customerCount }, () => []);
  baskets.forEach((_, at) => {
    if (customers[at]! >= 0) own[customers[at]!]!.push(at);
  });
  return own.filter((places) => places.length > 0);
};

/** Places of a customer's baskets. */
interface History {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const newItems = ({ baskets }: Baskets, histories: readonly History[], seed: number): Trial => {
  const unionOf = (places: readonly number[]): number[] => [...new Set(places.flatMap((at) => baskets[at]!))];
  const known = histories
    .filter(({ before }) => before.length > 0)
    .map(({ before, after }) => ({ context: unionOf(before), later: unionOf(after) }));
  const questions = known.flatMap(({ context, later }) => {
    const bought = new Set(context);
    const hidden = later.filter((item) => !bought.has(item));
    return hidden.length > 0 ? [{ context, hidden }] : [];
  });
  return { training: known.map(({ context }) => context), questions: someOf(questions, seed) };
};

const someOf = (questions: readonly Question[], seed: number): Question[] =>
  Array.from(shuffledIndices(createRandom(seed, "laboratory", "questions"), questions.length, MOST_QUESTIONS))
    .sort((a, b) => a - b)
    .map((i) => questions[i]!);

/** How well a scorer answers. Items of the context are never among the answers; equal scores share their places. */
export const answer = (scorer: Scorer, { training, questions }: Trial, itemCount: number): Scores => {
  const score = scorer.fit(training, itemCount);
  let [hits, gain] = [0, 0];
  for (const { context, hidden } of questions) {
    const scores = score(context);
    for (const item of context) scores[item] = -Infinity;
    const places = hidden.map((item) => placeOf(scores, item)).sort((a, b) => a - b);
    if (places[0]! < FIRST) hits++;
    const best = Array.from({ length: Math.min(FIRST, hidden.length) }, (_, place) => discount(place));
    const reached = places.filter((place) => place < FIRST).map(discount);
    gain += sum(reached) / sum(best);
  }
  return { hitRate: hits / questions.length, ndcg: gain / questions.length };
};

const discount = (place: number): number => 1 / Math.log2(place + 2);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** How many are before it; of its equals, half. */
const placeOf = (scores: Float64Array, item: number): number => {
  const own = scores[item]!;
  let [before, equal] = [0, -1];
  for (let other = 0; other < scores.length; other++) {
    if (scores[other]! > own) before++;
    else if (scores[other] === own) equal++;
  }
  return Math.floor(before + equal / 2);
};
