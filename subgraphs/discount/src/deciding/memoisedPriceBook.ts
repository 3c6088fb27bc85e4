import { DEPTHS } from "../domain/policy.js";
import { depthTable, type DepthTable } from "../domain/priceItem.js";
import type { PriceBook } from "../domain/decideOffer.js";

/** Remembers which depths each item bears over one run: five hundred customers ask it about the same sixty items. */
export const memoisedPriceBook = (): PriceBook => {
  const known = new Map<string, DepthTable>();
  return (item, facts) => {
    const key = `${item.itemId} ${item.priceMinor} ${item.costMinor} ${JSON.stringify(item.promotions)}`;
    let table = known.get(key);
    if (!table) known.set(key, (table = depthTable(item, DEPTHS.filter((depth) => depth <= facts.ceiling), facts)));
    return table;
  };
};
