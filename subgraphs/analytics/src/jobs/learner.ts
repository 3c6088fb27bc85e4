import { answerAsWorker } from "@kava/platform/worker";
import { learnTastes } from "../domain/learnTastes.js";
import { packRanked, type Ranked } from "../domain/rankedLists.js";
import { rankerOf, type CustomerHistory, type TasteItem, type TasteModel } from "../domain/tasteModel.js";
import { parseObserved, type ObservedText } from "../storage/clickhouse/observed.js";

/** What the worker is given, and what it gives back. */
export interface LearnInput {
  observed: ObservedText;
  items: TasteItem[];
  /** Items that can be had at one of the venues. */
  had: string[];
  /** Declared tastes; who declared some is ranked also without a purchase. */
  tastes: [customerId: string, tastes: string[]][];
  limit: number;
}
export interface LearnOutput {
  model: TasteModel;
  lists: Ranked;
  popular: Ranked;
}

/** Learns a chain's tastes and ranks for everyone who bought or declared tastes. */
export const learn = ({ observed, items, had, tastes, limit }: LearnInput): LearnOutput => {
  const { customerIds, customers, baskets } = parseObserved(observed);
  const model = learnTastes(
    { baskets, customers },
    items.map((item) => item.id),
  );
  const available = new Set(had);
  const rank = rankerOf(model, new Map(items.map((item) => [item.id, item])), (id) => available.has(id));
  const declared = new Map(tastes);
  const everyone = new Map<string, CustomerHistory>(customerIds.map((id, i) => [id, customers[i]!]));
  for (const id of declared.keys()) if (!everyone.has(id)) everyone.set(id, { history: [], basketCount: 0 });
  return {
    model,
    lists: packRanked([...everyone].map(([id, history]) => [id, rank({ ...history, tastes: declared.get(id) ?? [] }, limit)])),
    popular: packRanked([["", rank({ history: [], basketCount: 0 }, 3 * limit)]]),
  };
};

answerAsWorker(learn, ({ lists }) => [
  lists.starts.buffer,
  lists.items.buffer,
  lists.scores.buffer,
  lists.codes.buffer,
  lists.behind.buffer,
]);
