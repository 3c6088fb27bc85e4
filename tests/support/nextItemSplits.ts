/**
 * Baskets from which one item is hidden, to compare rankings on: groceries and coffee-chain, five random splits (80 % to learn from) each,
 * and for coffee-chain three whose learning part are the first 80 % of the baskets by time.
 *
 * `nextItemSplits.json.gz` holds no data of theirs, only places: `train`, a bit per basket in the order of the file; `hidden`, a byte per
 * other basket of at least two items, the place of the hidden item in the sorted basket.
 */
import { linesOf, unpacked } from "./sharedData.js";

export type DataName = "groceries" | "coffee-chain";

export interface Question {
  /** What else is in the basket. */
  readonly history: readonly number[];
  readonly hidden: number;
}

export interface Split {
  readonly train: readonly (readonly number[])[];
  readonly questions: readonly Question[];
  readonly itemCount: number;
}

interface StoredSplit {
  readonly train: string;
  readonly hidden: string;
}
type Stored = Record<DataName, { readonly baskets: number; readonly random: StoredSplit[]; readonly time?: StoredSplit[] }>;

/** The splits of one kind, in the order of their seeds. */
export function nextItemSplits(name: DataName, kind: "random" | "time"): Split[] {
  const stored = (JSON.parse(unpacked(new URL("nextItemSplits.json.gz", import.meta.url))) as Stored)[name];
  const { sets, itemCount } = name === "groceries" ? groceries() : coffeeChain();
  if (sets.length !== stored.baskets) throw new Error(`${name} has ${sets.length} baskets, its splits were made of ${stored.baskets}.`);
  return (stored[kind] ?? []).map((split) => {
    const [bits, places] = [Buffer.from(split.train, "base64"), Buffer.from(split.hidden, "base64")];
    const isTrain = (at: number): boolean => ((bits[at >> 3]! >> (at & 7)) & 1) === 1;
    const asked = sets.filter((basket, at) => !isTrain(at) && basket.length > 1);
    const questions = asked.map((basket, at) => ({ hidden: basket[places[at]!]!, history: basket.filter((_, i) => i !== places[at]) }));
    return { train: sets.filter((_, at) => isTrain(at)), questions, itemCount };
  });
}

function groceries(): { sets: number[][]; itemCount: number } {
  const lines = linesOf("groceries/groceries.basket");
  return numbered(lines.map((line) => line.split(",")));
}

/** Receipts whose moment, shop and product can be read; a basket is date + shop + transaction + time. */
function coffeeChain(): { sets: number[][]; itemCount: number } {
  const baskets = new Map<string, string[]>();
  for (const line of linesOf("coffee-chain/receipts.csv.gz").slice(1)) {
    const [transaction, date, time, shop, , , , , , product = ""] = line.split(",");
    if (!transaction || !time || !shop || !/^\d\d\/\d\d\/\d{4}$/.test(date ?? "") || !/^\d+$/.test(product)) continue;
    const key = [date, shop, transaction, time].join();
    const basket = baskets.get(key);
    if (basket === undefined) baskets.set(key, [product.padStart(4, "0")]);
    else basket.push(product.padStart(4, "0"));
  }
  return numbered([...baskets.values()]);
}

function numbered(baskets: readonly (readonly string[])[]): { sets: number[][]; itemCount: number } {
  const names = [...new Set(baskets.flat())].sort();
  const places = new Map(names.map((name, place) => [name, place]));
  return {
    sets: baskets.map((basket) => [...new Set(basket.map((name) => places.get(name)!))].sort((a, b) => a - b)),
    itemCount: names.length,
  };
}
