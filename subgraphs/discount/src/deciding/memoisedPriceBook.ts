import { LRUCache } from "lru-cache";
import type { PriceBook } from "../domain/judgeCandidate.js";
import { DEPTHS } from "../domain/policy.js";
import { depthTable, type DepthTable } from "../domain/priceItem.js";

/** Remembers which depths items bear: many customers ask it about the same sixty items. Everything that the answer depends on is in the key. */
export const memoisedPriceBook = (): PriceBook => {
  const known = new LRUCache<string, DepthTable>({ max: 5_000 });
  return (item, facts) => {
    const { floor, ceiling, tax, currency, minorDigits } = facts;
    const key = JSON.stringify([item.priceMinor, item.costMinor, item.promotions, floor, ceiling, tax, currency, minorDigits]);
    let table = known.get(key);
    if (!table)
      known.set(
        key,
        (table = depthTable(
          item,
          DEPTHS.filter((depth) => depth <= ceiling),
          facts,
        )),
      );
    return table;
  };
};
