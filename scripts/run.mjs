// `npm run import|token|secrets|simulate|compose|bench|evaluate|dead-letters|explain|models`: installs and builds what is missing, then runs the command.
import { fail, prepare, run } from "./bootstrap.mjs";

const programs = {
  import: "packages/importer/dist/main.js",
  token: "packages/supervisor/dist/commands/token.js",
  secrets: "packages/supervisor/dist/commands/secrets.js",
  simulate: "packages/supervisor/dist/commands/simulate.js",
  compose: "gateway/dist/compose/main.js",
  bench: "bench/dist/main.js",
  evaluate: "packages/laboratory/dist/main.js",
  explain: "subgraphs/discount/dist/commands/explain.js",
  "dead-letters": "packages/platform/dist/commands/deadLetters.js",
};

/** Models are their services' own: --model says whose is meant, without it all are. */
const models = {
  response: "subgraphs/discount/dist/commands/models.js",
  uplift: "subgraphs/discount/dist/commands/models.js",
  lifetime: "subgraphs/customer/dist/commands/models.js",
  segments: "subgraphs/customer/dist/commands/models.js",
  tastes: "subgraphs/analytics/dist/commands/models.js",
};

const modelPrograms = (args) => {
  const named = args.find((arg, at) => args[at - 1] === "--model" || arg.startsWith("--model="))?.replace(/^--model=/, "");
  const names = Object.keys(models).join(", ");
  if (named !== undefined && !models[named]) fail(`There is no model "${named}". --model is one of ${names}`);
  if (named === undefined && args.includes("rollback")) fail(`Say which model is to be rolled back: --model with one of ${names}`);
  return named === undefined ? [...new Set(Object.values(models))] : [models[named]];
};

const [name, ...args] = process.argv.slice(2);
if (name !== "models" && !programs[name])
  fail(`There is no command "${name}". These are: ${[...Object.keys(programs), "models"].join(", ")}`);
const [program, ...then] = name === "models" ? modelPrograms(args) : [programs[name]];
await prepare();
run(program, args, ...then);
