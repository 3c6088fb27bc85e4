import { associationRules } from "@kava/algorithms/preference/associationRules";
import { mineItemsets, type Itemsets } from "@kava/algorithms/preference/mineItemsets";
import { numbersOf } from "../options.js";
import { processorSeconds } from "../processorTime.js";
import type { Bench, Report } from "../report.js";
import { median } from "../statistics.js";
import { makeBaskets, readGroceries, type Baskets } from "./baskets.js";
import { keyOf, loadFpGrowth, type Counted, type FpGrowth } from "./fpGrowth.js";

const DEFAULTS = { baskets: 9_835, repeats: 5 };
const SUPPORTS = [0.001, 0.006];
/** Above the size of any set that is frequent here, so that both sides find all. */
const MAXIMUM_SIZE = 32;
const CONFIDENCE = 0.25;

export const bench: Bench = {
  summary: "frequent itemsets and rules against node-fpgrowth, the results compared",
  async run(options) {
    const { baskets, repeats } = numbersOf(options, DEFAULTS);
    const peer = await loadFpGrowth();
    const tables = [makeBaskets(baskets), readGroceries()].filter((each) => each !== null);
    const measured: Measured[] = [];
    for (const table of tables)
      for (const support of SUPPORTS) {
        process.stderr.write(`${table.name}, support ${support} …\n`);
        measured.push(await measure(table, support, repeats, peer));
      }
    return reportOf(measured, repeats, peer, tables.length > 1);
  },
};

interface Measured {
  readonly name: string;
  readonly support: number;
  readonly itemsets: number;
  readonly rules: number;
  /** Processor seconds of each repetition. */
  readonly mining: readonly number[];
  readonly deriving: readonly number[];
  readonly fpGrowth: readonly number[] | null;
}

/** Both sides on the same baskets. Throws when one finds a set that the other does not, or counts it otherwise. */
const measure = async (table: Baskets, support: number, repeats: number, peer: FpGrowth | string): Promise<Measured> => {
  const mine = (): Itemsets => mineItemsets(table.baskets, table.itemCount, { minimumSupport: support, maximumSize: MAXIMUM_SIZE });
  const derive = () => associationRules(mined, { minimumConfidence: CONFIDENCE });
  const mined = mine();
  const rules = derive().length;
  const again = (work: () => unknown) => Array.from({ length: repeats }, () => processorSeconds(() => void work()));
  return {
    name: table.name,
    support,
    itemsets: mined.itemsets.length,
    rules,
    mining: again(mine),
    deriving: again(derive),
    fpGrowth: typeof peer === "string" ? null : await measurePeer(peer, table, support, repeats, mined),
  };
};

const measurePeer = async (peer: FpGrowth, table: Baskets, support: number, repeats: number, mined: Itemsets): Promise<number[]> => {
  const seconds: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const start = process.cpuUsage();
    const found = await peer.mine(table, support);
    const { user, system } = process.cpuUsage(start);
    seconds.push((user + system) / 1e6);
    if (i === 0) requireEqual(mined, found);
  }
  return seconds;
};

const requireEqual = ({ itemsets }: Itemsets, found: Counted): void => {
  if (itemsets.length !== found.size) throw new Error(`${itemsets.length} itemsets here, ${found.size} by node-fpgrowth`);
  const wrong = itemsets.find(({ items, count }) => found.get(keyOf(items)) !== count);
  if (wrong)
    throw new Error(`Items ${keyOf(wrong.items)} are together in ${wrong.count} baskets here, in ${found.get(keyOf(wrong.items))} there`);
};

const reportOf = (measured: readonly Measured[], repeats: number, peer: FpGrowth | string, withGroceries: boolean): Report => ({
  title: `Itemsets and rules: processor milliseconds, medians of ${repeats}`,
  rows: measured.map(({ name, support, itemsets, rules, mining, deriving, fpGrowth }) => ({
    baskets: name,
    support,
    itemsets,
    "ours ms": milliseconds(mining),
    "node-fpgrowth ms": fpGrowth ? milliseconds(fpGrowth) : "–",
    "ours / theirs": fpGrowth ? Math.round((1000 * median(mining)) / median(fpGrowth)) / 1000 : "–",
    rules,
    "rules ms": milliseconds(deriving),
  })),
  notes: [
    typeof peer === "string"
      ? `SKIPPED: node-fpgrowth, since ${peer}`
      : "node-fpgrowth 1.2.1 finds the same itemsets with the same counts; it makes no rules, and its time holds the copy of the baskets that it is given.",
    `Rules have a confidence of at least ${CONFIDENCE}; their time comes on top of that of the itemsets.`,
    ...(withGroceries ? [] : ["SKIPPED: the groceries themselves, since ../shared/data/groceries is not there."]),
  ],
  figures: { measured, repeats },
});

const milliseconds = (seconds: readonly number[]): number => Math.round(median(seconds) * 10_000) / 10;
