import { associationRules, type AssociationRule } from "@kava/algorithms/preference/associationRules";
import { mineItemsets } from "@kava/algorithms/preference/mineItemsets";
import { z } from "zod";
import { openData } from "../data/openData.js";
import { defineTask } from "../frame/defineTask.js";
import { table, type Findings, type Plot } from "../frame/findings.js";
import { column, dataOptions, number, whole } from "../frame/options.js";
import { pointPlot } from "../plots/pointPlot.js";
import { readBaskets, type Baskets } from "./baskets.js";

/** Rules in the report; all are in the JSON file. */
const SHOWN = 200;

export const rules = defineTask({
  name: "rules",
  summary: "Association rules: what is bought together, with support, confidence, lift and leverage",
  example: "npm run evaluate -- rules --data receipts.csv --basket receipt --item product --support 0.001 --confidence 0.8",
  options: z.object({
    ...dataOptions,
    basket: column("the column that tells baskets apart; several with commas make the key together"),
    item: column("the column of the item; a row for each item of a basket"),
    support: number("least share of the baskets that hold all items of a rule, above 0 to 1", 1e-9, 1, "S"),
    confidence: number("least share of the baskets with the first items that hold the last too, 0 to 1", 0, 1, "C"),
    "longest-set": whole("most items in a set", 2, 50).default(10),
  }),
  run: async (options, { progress, cwd }) => {
    const data = await openData(options.data, { cwd, delimiter: options.delimiter, progress });
    const read = await readBaskets(data, { basket: options.basket, item: options.item, skipWrong: options["skip-wrong"] });
    progress.part("finding sets of items", 0);
    const mined = mineItemsets(read.baskets, read.itemNames.length, {
      minimumSupport: options.support,
      maximumSize: options["longest-set"],
    });
    progress.part("making rules", 0);
    const found = associationRules(mined, { minimumConfidence: options.confidence });
    return findingsOf(options.data, read, mined.itemsets.length, found);
  },
});

const findingsOf = (file: string, read: Baskets, itemsets: number, found: readonly AssociationRule[]): Findings => {
  const { baskets, itemNames, rows, leftOut } = read;
  const count = (value: number): string => value.toLocaleString("en-US");
  const ruleRows = found.map((rule) => [
    rule.antecedent.map((item) => itemNames[item]!).join(" + "),
    itemNames[rule.consequent]!,
    rule.count,
    rule.support,
    rule.confidence,
    rule.lift,
    rule.leverage,
  ]);
  const columns = [
    "who takes",
    "also takes",
    "baskets",
    { name: "support", digits: 4 },
    { name: "confidence", digits: 3 },
    { name: "lift", digits: 3 },
    { name: "leverage", digits: 5 },
  ];
  return {
    title: "What is bought together",
    lead: `${count(rows)} rows of ${file}: ${count(baskets.length)} baskets of ${count(itemNames.length)} items. ${count(itemsets)} sets of items reach the support, ${count(found.length)} rules the confidence too.`,
    parts: [
      ...(found.length === 0 ? [] : [plotOf(found, itemNames)]),
      table(
        `Rules, greatest lift first${found.length > SHOWN ? ` (the first ${SHOWN} of ${count(found.length)})` : ""}`,
        columns,
        ruleRows.slice(0, SHOWN),
      ),
    ],
    notes: [
      "Lift says how many times likelier the last item is than by chance; it ranks curiosities. For recommending, confidence is the better order.",
      ...(found.length === 0 ? ["No rule: lower --support or --confidence."] : []),
      ...leftOut,
    ],
    figures: {
      rows,
      baskets: baskets.length,
      items: itemNames.length,
      itemsets,
      rules: found.map(({ antecedent, consequent, ...figures }) => ({
        antecedent: antecedent.map((item) => itemNames[item]!),
        consequent: itemNames[consequent]!,
        ...figures,
      })),
    },
  };
};

const plotOf = (found: readonly AssociationRule[], itemNames: readonly string[]): Plot => {
  const greatest = Math.max(...found.slice(0, 2_000).map(({ lift }) => lift));
  const dots = found.slice(0, 2_000).map((rule) => ({
    x: rule.support * 100,
    y: rule.confidence * 100,
    size: 2 + 5 * Math.sqrt(rule.lift / greatest),
    name: `${rule.antecedent.map((item) => itemNames[item]!).join(" + ")} → ${itemNames[rule.consequent]!}, lift ${rule.lift.toFixed(2)}`,
  }));
  return {
    kind: "plot",
    title: "Rules by support and confidence",
    caption: "A dot for each rule (the 2,000 of greatest lift); the larger, the greater its lift. Rest on a dot to read the rule.",
    legend: [],
    svg: pointPlot("Rules by support and confidence", { x: "support, % of the baskets", y: "confidence, %" }, [{ name: "rules", dots }]),
  };
};
