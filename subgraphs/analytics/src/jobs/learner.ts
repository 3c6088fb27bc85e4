import { answerAsWorker } from "@kava/platform/worker";
import { judgeTastes, type InService, type Judgement } from "../domain/judgeTastes.js";
import { learnTastes, type Observed } from "../domain/learnTastes.js";
import { verdictOnTastes, type Verdict } from "../domain/promotion.js";
import { packRanked, type Ranked } from "../domain/rankedLists.js";
import { rankerOf, type CustomerHistory, type TasteItem, type TasteModel } from "../domain/tasteModel.js";
import { parseObserved, type ObservedText } from "../storage/clickhouse/observed.js";

/** What ranking everyone takes. */
export interface RankInput {
  observed: ObservedText;
  items: TasteItem[];
  /** Items that can be had at one of the venues. */
  had: string[];
  /** Declared tastes; who declared some is ranked also without a purchase. */
  tastes: [customerId: string, tastes: string[]][];
  limit: number;
}

/** What the worker is given: to learn, or to rank everyone by a model that was learned before. */
export type LearnInput = RankInput & (LearnAnew | { given: TasteModel });
export interface LearnAnew {
  given: null;
  /** How many there are. */
  purchases: number;
  inService: (InService & { purchases: number }) | null;
}

/** Everyone's list by a model. */
export interface Lists {
  lists: Ranked;
  popular: Ranked;
}
export interface LearnOutput extends Judgement {
  model: TasteModel;
  verdict: Verdict;
  /** The last purchase that was learned from, milliseconds since 1970; null without any. */
  through: number | null;
  /** By the new model; null when it was refused. */
  ranked: Lists | null;
}

export type Report = (progress: { step: string; done: number; total: number }) => void;

/** Learns a chain's tastes, judges them, and ranks for everyone who bought or declared tastes. */
export const learn = (input: RankInput & LearnAnew, report: Report): LearnOutput => {
  const { purchases, inService } = input;
  const observed = parseObserved(input.observed);
  const itemIds = input.items.map((item) => item.id);
  report({ step: "learning preferences", done: 1, total: 4 });
  const model = learnTastes(observed, itemIds);
  report({ step: "judging them by what came later", done: 2, total: 4 });
  const judgement = inService ? judgeTastes(observed, itemIds, inService) : { comparison: null, shift: null };
  const verdict = verdictOnTastes({ comparison: judgement.comparison, purchases, inService });
  report({ step: "ranking for every customer", done: 3, total: 4 });
  const ranked = verdict.promoted ? rankEveryone(model, observed, input) : null;
  return { ...judgement, model, verdict, through: observed.baskets.at(-1)?.at ?? null, ranked };
};

const rankEveryone = (
  model: TasteModel,
  { customerIds, customers }: Observed & { customerIds: string[] },
  { items, had, tastes, limit }: RankInput,
): Lists => {
  const available = new Set(had);
  const rank = rankerOf(model, new Map(items.map((item) => [item.id, item])), (id) => available.has(id));
  const declared = new Map(tastes);
  const everyone = new Map<string, CustomerHistory>(customerIds.map((id, i) => [id, customers[i]!]));
  for (const id of declared.keys()) if (!everyone.has(id)) everyone.set(id, { history: [], basketCount: 0 });
  return {
    lists: packRanked([...everyone].map(([id, history]) => [id, rank({ ...history, tastes: declared.get(id) ?? [] }, limit)])),
    popular: packRanked([["", rank({ history: [], basketCount: 0 }, 3 * limit)]]),
  };
};

/** What the worker answers: what was learned, or the lists of the model that was given. */
export type WorkerAnswer = LearnOutput | { ranked: Lists };

answerAsWorker<LearnInput, WorkerAnswer>(
  (input, report) =>
    input.given === null ? learn(input, report) : { ranked: rankEveryone(input.given, parseObserved(input.observed), input) },
  ({ ranked }) => {
    if (ranked === null) return [];
    const { starts, items, scores, codes, behind } = ranked.lists;
    return [starts.buffer, items.buffer, scores.buffer, codes.buffer, behind.buffer];
  },
);
