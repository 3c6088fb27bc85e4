import type { Observed } from "../../domain/learnTastes.js";
import type { CustomerHistory } from "../../domain/tasteModel.js";

/** The answers of ClickHouse as they came: they are parsed where they are used, in the worker. */
export interface ObservedText {
  baskets: string;
  histories: string;
}

/** A customer's line: identifier, baskets, items, baskets with each. */
export type HistoryLine = [customerId: string, basketCount: number, items: string[], baskets: number[]];

export const linesOf = <Line>(text: string): Line[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
export const historyOf = ([, basketCount, items, baskets]: HistoryLine): CustomerHistory => ({
  basketCount,
  history: items.map((id, i) => [id, baskets[i]!] as const),
});

export const parseObserved = ({ baskets, histories }: ObservedText): Observed & { customerIds: string[] } => {
  const lines = linesOf<HistoryLine>(histories);
  return {
    baskets: linesOf<[string[]]>(baskets).map(([items]) => items),
    customers: lines.map(historyOf),
    customerIds: lines.map(([id]) => id),
  };
};
