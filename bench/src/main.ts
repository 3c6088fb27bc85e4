import { writeFile } from "node:fs/promises";
import { renderReport, writeReport, type Bench } from "./report.js";

/** Loaded when asked for, since a bench may need what the others do not. */
const BENCHES: Record<string, () => Promise<Bench>> = {
  gateway: async () => (await import("./gateway/bench.js")).bench,
  visit: async () => (await import("./visit/bench.js")).bench,
  push: async () => (await import("./push/bench.js")).bench,
  boosting: async () => (await import("./boosting/bench.js")).bench,
  clustering: async () => (await import("./clustering/bench.js")).bench,
  rules: async () => (await import("./rules/bench.js")).bench,
  uplift: async () => (await import("./uplift/bench.js")).bench,
  decision: async () => (await import("./decision/bench.js")).bench,
  training: async () => (await import("./training/bench.js")).bench,
};

const USAGE = `npm run bench -- NAME [--json FILE] [options of the bench]

  gateway   the visit query through our gateway and its peers, over the same subgraphs answered from memory
            [--rounds 3] [--seconds 8] [--connections 50]
  visit     the visit query over the whole real stack with the demo chain
            [--rounds 3] [--seconds 10] [--connections 20]
  push      purchase sent → push received, over the whole real stack with the demo chain
            [--rate 50] [--seconds 60] [--subscribers 200]
  boosting  boosted trees: training, prediction, scoring of all customers at all depths, against XGBoost for Python
            [--rows 2000000] [--columns 20] [--exact-rows 200000] [--rounds 20] [--repeats 3] [--customers 1000000]
  clustering
            K-Means and DBSCAN against scikit-learn; the results must agree
            [--points 20000] [--many 100000] [--repeats 3]
  rules     frequent itemsets and rules against node-fpgrowth; the itemsets must agree
            [--baskets 9835] [--repeats 5]
  uplift    npm run evaluate -- uplift on a randomised trial with ten features, all learners: time and memory
            [--rows 64000] [--seeds 5] [--repeats 3]
  decision  one decision inside the discount service: the prior response, and an uplift model of boosted trees
            [--decisions 10000] [--customers 30000] [--repeats 3]
  training  event-loop delay of each service and time of visit queries, while models train and while none does
            [--seconds 30] [--rate 20] [--rounds 3]
`;

const main = async ([name, ...rest]: readonly string[]): Promise<number> => {
  const load = name === undefined ? undefined : BENCHES[name];
  if (name === undefined || !load) {
    process.stderr.write(name === undefined || name === "--help" ? USAGE : `No bench is called "${name}".\n\n${USAGE}`);
    return name === "--help" ? 0 : 2;
  }
  const at = rest.indexOf("--json");
  const file = at === -1 ? undefined : rest[at + 1];
  if (at !== -1 && file === undefined) {
    process.stderr.write("--json needs the name of the file to write\n");
    return 2;
  }
  if (file !== undefined) await writeFile(file, ""); // a place that cannot be written to is said before the measuring, not after it
  const report = await (await load()).run(at === -1 ? rest : rest.toSpliced(at, 2));
  process.stdout.write(`\n${renderReport(report)}`);
  if (file !== undefined) await writeReport(file, name, report, new Date());
  return 0;
};

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`The bench failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
