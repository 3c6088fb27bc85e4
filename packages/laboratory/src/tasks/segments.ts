import { createRandom } from "@kava/algorithms/random";
import { z } from "zod";
import { openData } from "../data/openData.js";
import { defineTask } from "../frame/defineTask.js";
import { dataOptions, seedOption, whole } from "../frame/options.js";
import { WrongData } from "../frame/wrongUsage.js";
import { customerDays, purchaseOptions, readPurchases } from "./purchases.js";
import { rfmOf } from "./rfm.js";
import { fitRfm } from "./segmentsFit.js";
import { segmentFindings } from "./segmentsFindings.js";

export const segments = defineTask({
  name: "segments",
  summary: "Customer segments by recency, frequency and money: how many, how apart, how stable, what they are like",
  example: "npm run evaluate -- segments --data purchases.csv --customer customer --date date --value amount --report segments.html",
  options: z.object({
    ...dataOptions,
    ...purchaseOptions,
    k: whole("number of segments; found by the gap statistic and the bootstrap where it is not given", 1, 20).optional(),
    ...seedOption,
  }),
  run: async (options, { progress, cwd }) => {
    const data = await openData(options.data, { cwd, delimiter: options.delimiter, progress });
    const purchases = await readPurchases(data, options, options["skip-wrong"]);
    progress.part("summing up customers", 0);
    const customers = customerDays(purchases);
    if (customers.length < Math.max(3, options.k ?? 0))
      throw new WrongData(`${options.data} has only ${customers.length} customers; for ${options.k ?? "any"} segments there must be more`);
    const end = customers.reduce((latest, { days }) => Math.max(latest, days.at(-1)!), -Infinity);
    const rfm = customers.map((customer) => rfmOf(customer, end));
    const fit = fitRfm(rfm, { k: options.k, random: createRandom(options.seed, "laboratory", "segments"), progress });
    progress.part("describing the segments", 0);
    return segmentFindings({ file: options.data, purchases, customers, end, rfm, fit });
  },
});
