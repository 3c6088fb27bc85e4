import type { Observed } from "../../domain/learnTastes.js";
import type { CustomerHistory } from "../../domain/tasteModel.js";

/** The answers of ClickHouse as they came, baskets latest first: they are parsed where they are used, in the worker. */
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

/** A basket's line: items, customer, milliseconds since 1970. */
type BasketLine = [itemIds: string[], customerId: string, at: number];

/** @throws SyntaxError when a line is not what the queries of `Histories` give */
export const parseObserved = ({ baskets, histories }: ObservedText): Observed & { customerIds: string[] } => {
  const lines = linesOf<HistoryLine>(histories);
  const customerIds = lines.map(([id]) => id);
  const places = new Map(customerIds.map((id, place) => [id, place]));
  return {
    baskets: linesOf<BasketLine>(baskets)
      .map(([itemIds, customerId, at]) => ({ itemIds, customer: places.get(customerId) ?? -1, at }))
      .reverse(),
    customers: lines.map(historyOf),
    customerIds,
  };
};
