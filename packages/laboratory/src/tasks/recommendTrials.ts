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

/** Learns from all baskets of each customer but the last one in the table; asks what in it is new to the customer. */
export const newItemsOfCustomers = ({ baskets, customers, customerCount }: Baskets, seed: number): Trial => {
  const own: (readonly number[])[][] = Array.from({ length: customerCount }, () => []);
  baskets.forEach((basket, at) => {
    if (customers[at]! >= 0) own[customers[at]!]!.push(basket);
  });
  const histories = own
    .filter((list) => list.length > 0)
    .map((list) => ({ known: unionOf(list.length > 1 ? list.slice(0, -1) : list), list }));
  const questions = histories.flatMap(({ known, list }) => {
    const bought = new Set(known);
    const hidden = list.length > 1 ? list.at(-1)!.filter((item) => !bought.has(item)) : [];
    return hidden.length > 0 ? [{ context: known, hidden }] : [];
  });
  return { training: histories.map(({ known }) => known), questions: someOf(questions, seed) };
};

const unionOf = (baskets: readonly (readonly number[])[]): number[] => [...new Set(baskets.flat())];

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
