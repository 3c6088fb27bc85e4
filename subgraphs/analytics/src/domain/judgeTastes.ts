import { compareRankings, type RankedCase, type RankingComparison } from "@kava/algorithms/preference/compareRankings";
import { divideAt } from "@kava/algorithms/preference/laterBaskets";
import { shareShift } from "@kava/algorithms/preference/shareShift";
import { learnTastes, placed, type Observed, type ObservedBasket } from "./learnTastes.js";
import { rankerOf, type CustomerHistory, type TasteModel, type TasteRanker } from "./tasteModel.js";

/** The model in service, and the last moment that it learned from (milliseconds since 1970). */
export interface InService {
  model: TasteModel;
  through: number;
}

/** What later baskets say: `comparison` null where too few known customers came again. */
export interface Judgement {
  comparison: RankingComparison | null;
  /** How far what is bought has moved since (population stability index); null when nothing was. */
  shift: number | null;
}

/** Customers that came again, for a judgement; and at the most, the first of them. */
const LEAST_CUSTOMERS = 50;
const MOST_CUSTOMERS = 800;

/**
 * Judges what is learned by the later half of the baskets that came since the model in service was. Neither it nor the trial has seen them: the trial
 * is learned like the new model, from all before them, so that what newer baskets teach counts. One basket a customer, the first.
 */
export const judgeTastes = (observed: Observed, itemIds: readonly string[], { model, through }: InService): Judgement => {
  const later = observed.baskets.filter(({ at }) => at > through);
  const shift = shiftSince(model, later);
  const judges = later.slice(Math.ceil(later.length / 2));
  const { customers, next } = divided(observed, itemIds, judges);
  if (next.length < LEAST_CUSTOMERS) return { comparison: null, shift };
  const earlier = observed.baskets.slice(0, observed.baskets.length - judges.length);
  const trial = learnTastes({ baskets: earlier, customers }, itemIds);
  const places = new Map([...new Set([...itemIds, ...model.items])].map((id, place) => [id, place]));
  const [served, tried] = [everything(model), everything(trial)];
  const cases = next.slice(0, MOST_CUSTOMERS).map(({ customer, items }): RankedCase => {
    const history = customers[customer]!;
    return {
      inService: chancesBy(served, model.items, history, places),
      challenger: chancesBy(tried, trial.items, history, places),
      items: Array.from(items),
    };
  });
  return { comparison: compareRankings(cases), shift };
};

/** Customers as they were before the later baskets, and the first of those of each. */
const divided = ({ customers }: Observed, itemIds: readonly string[], later: readonly ObservedBasket[]) => {
  const places = new Map(itemIds.map((id, place) => [id, place]));
  const { histories, next } = divideAt(
    customers.map((customer) => placed(customer, places)),
    later.map(({ customer, itemIds: ids }) => ({ customer, items: ids.flatMap((id) => places.get(id) ?? []) })),
  );
  const named = histories.map(({ history, basketCount }): CustomerHistory => ({
    history: history.map(({ item, baskets }) => [itemIds[item]!, baskets]),
    basketCount,
  }));
  return { customers: named, next };
};

const everything = (model: TasteModel): TasteRanker => rankerOf(model, new Map(), () => true);

const chancesBy = (
  rank: TasteRanker,
  itemIds: readonly string[],
  customer: CustomerHistory,
  places: ReadonlyMap<string, number>,
): Float64Array => {
  const chances = new Float64Array(places.size);
  for (const { item, score } of rank(customer, itemIds.length)) chances[places.get(itemIds[item]!)!] = score;
  return chances;
};

/** Of the items that the model knows; others say nothing of a shift but that the menu has grown. */
const shiftSince = (model: TasteModel, later: readonly ObservedBasket[]): number | null => {
  const places = new Map(model.items.map((id, place) => [id, place]));
  const counts = new Float64Array(model.items.length);
  for (const { itemIds } of later) for (const id of new Set(itemIds)) if (places.has(id)) counts[places.get(id)!]! += 1;
  // shares alone are stored: as many baskets as there are now, so that both times are smoothed alike
  return shareShift(
    model.popularity.map((share) => share * later.length),
    counts,
  );
};
