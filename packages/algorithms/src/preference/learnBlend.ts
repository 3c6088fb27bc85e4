import { createRandom, shuffledIndices, type Random } from "../random.js";
import { confidentPairs } from "./confidentPairs.js";
import { chooseBlend, chooseWeights, type BlendCase, type BlendChoice } from "./chooseBlend.js";
import { fitEase, mostHeld, type EaseOptions } from "./ease.js";
import type { Evidence } from "./evidence.js";
import { itemNeighbours } from "./itemNeighbours.js";
import type { ItemList } from "./mineItemsets.js";
import { requireItems } from "./requireItems.js";

/** What the blend is learned from. All are item indices below `itemCount`; repetitions count once. */
export interface BlendInput {
  /** The histories of customers; where there are none, the baskets. */
  readonly sets: readonly ItemList[];
  /** Baskets, for what is popular; the sets unless told. */
  readonly baskets?: readonly ItemList[];
  readonly itemCount: number;
}

export interface LearnedBlend extends BlendChoice {
  readonly evidence: Evidence;
}

export interface BlendOptions {
  readonly seed: number;
  /** Weights of EASE kept per item; 100 unless told. */
  readonly keep?: number | undefined;
  /** Items that EASE models at most; 4,000 unless told. */
  readonly mostItems?: number | undefined;
}

/** Share of the histories that the evidence is not learned from while λ and the weights are chosen, and how many at the most. */
const VALIDATION_SHARE = 0.2;
const MOST_CASES = 2_000;
const NEIGHBOURS_KEPT = 50;
/** λ is chosen on the items that most have: trying each on thousands would take minutes and say the same. */
const ITEMS_OF_CHOICE = 600;

/**
 * Learns EASE, item-kNN, rules and popularity, and chooses λ and how much each counts by a validation part of the histories: one item of each
 * is hidden, and it is left out of what is learned meanwhile; then everything is learned again from all.
 *
 * The same input and seed give the same answer. Sound for one item, one basket, no history at all.
 *
 * @throws RangeError when an index is not below `itemCount`
 */
export function learnBlend({ sets, baskets = sets, itemCount }: BlendInput, { seed, keep, mostItems }: BlendOptions): LearnedBlend {
  requireItems(sets, itemCount);
  requireItems(baskets, itemCount);
  const popularity = popularityOf(baskets, itemCount);
  const learn = (from: readonly ItemList[], lambda: number): Evidence => learnEvidence(from, popularity, { lambda, keep, mostItems });
  const random = createRandom(seed, "blend");
  const validation = new Set(shuffledIndices(random, sets.length, Math.floor(VALIDATION_SHARE * sets.length)));
  const training = sets.filter((_, at) => !validation.has(at));
  const asked = [...validation].map((at) => sets[at]!);
  const choice = chooseOnFew(training, asked, popularity, random, keep);
  const weights = itemCount <= ITEMS_OF_CHOICE ? choice.weights : chooseWeights(learn(training, choice.lambda), hideOne(asked, random));
  return { ...choice, weights, evidence: learn(sets, choice.lambda) };
}

/** The evidence alone, of a λ that was chosen. @param popularity share of the baskets that hold each item */
export function learnEvidence(sets: readonly ItemList[], popularity: Float64Array, options: EaseOptions): Evidence {
  return { ...evidenceBesides(sets, popularity), ease: fitEase(sets, popularity.length, options) };
}

/** λ, and weights with it, on the items that most have. */
function chooseOnFew(
  training: readonly ItemList[],
  asked: readonly ItemList[],
  popularity: Float64Array,
  random: Random,
  keep: number | undefined,
): BlendChoice {
  const { items, placesOf } = mostHeld(training, popularity.length, ITEMS_OF_CHOICE);
  const sets = training.map(placesOf);
  const fewPopularity = Float64Array.from(items, (item) => popularity[item]!);
  return chooseBlend({ sets, evidence: evidenceBesides(sets, fewPopularity) }, hideOne(asked.map(placesOf), random), keep);
}

/** A random item of each history of two or more. */
function hideOne(sets: readonly ItemList[], random: Random): BlendCase[] {
  const cases = sets.flatMap((set) => {
    const items = [...new Set(Array.from(set))];
    if (items.length < 2) return [];
    const hidden = items[random.integer(items.length)]!;
    return [{ history: items.filter((item) => item !== hidden), next: [hidden] }];
  });
  return cases.slice(0, MOST_CASES);
}

function evidenceBesides(sets: readonly ItemList[], popularity: Float64Array): Omit<Evidence, "ease"> {
  const all = itemNeighbours(sets, popularity.length, { keep: Infinity });
  const neighbours = all.neighbours.map(({ items, similarities }) => ({
    items: items.slice(0, NEIGHBOURS_KEPT),
    similarities: similarities.slice(0, NEIGHBOURS_KEPT),
  }));
  return { neighbours: { ...all, neighbours }, rules: confidentPairs(all), popularity };
}

/** Share of the baskets that hold each item, 0 to 1. */
export function popularityOf(baskets: readonly ItemList[], itemCount: number): Float64Array {
  const holding = new Float64Array(itemCount);
  for (const basket of baskets) for (const item of new Set(Array.from(basket))) holding[item]! += 1;
  return baskets.length === 0 ? holding : holding.map((count) => count / baskets.length);
}
