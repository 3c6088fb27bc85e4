import { z } from "zod";
import { openData } from "../data/openData.js";
import { defineTask } from "../frame/defineTask.js";
import { dataOptions, number, text } from "../frame/options.js";
import { WrongData } from "../frame/wrongUsage.js";
import { fitLifetimes } from "./lifetimeFit.js";
import { lifetimeFindings } from "./lifetimeFindings.js";
import { customerDays, dayNamed, dayText, purchaseOptions, readPurchases } from "./purchases.js";

export const lifetime = defineTask({
  name: "lifetime",
  summary: "Lifetime value: BG/NBD and Gamma-Gamma fitted until a day, judged on the time after it",
  example:
    "npm run evaluate -- lifetime --data purchases.csv --customer customer --date date --value amount --calibrate-until 2026-06-30 --report lifetime.html",
  options: z.object({
    ...dataOptions,
    ...purchaseOptions,
    "calibrate-until": text("the last day to learn from, such as 2026-06-30; what comes after it judges", "DATE"),
    margin: number("share of what is paid that is margin, 0 to 1; values are of what is paid unless told", 0, 1, "SHARE").default(1),
  }),
  run: async (options, { progress, cwd }) => {
    const until = dayNamed("calibrate-until", options["calibrate-until"], options["date-format"]);
    const data = await openData(options.data, { cwd, delimiter: options.delimiter, progress });
    const purchases = await readPurchases(data, options, options["skip-wrong"]);
    progress.part("summing up customers", 0);
    const customers = customerDays(purchases);
    const [first, last] = customers.reduce(
      ([least, most], { days }) => [Math.min(least, days[0]!), Math.max(most, days.at(-1)!)] as const,
      [Infinity, -Infinity] as const,
    );
    if (until < first || until >= last)
      throw new WrongData(
        `${options.data} has purchases from ${dayText(first)} to ${dayText(last)}; --calibrate-until ${dayText(until)} must lie between, so that there is something to learn from and to judge by`,
      );
    const fit = fitLifetimes(customers, { until, last, margin: options.margin, progress });
    progress.part("describing the customers", 0);
    return lifetimeFindings({ file: options.data, purchases, customers, first, until, last, margin: options.margin, fit });
  },
});
