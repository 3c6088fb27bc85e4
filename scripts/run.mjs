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
  models: "subgraphs/discount/dist/commands/models.js",
  explain: "subgraphs/discount/dist/commands/explain.js",
  "dead-letters": "packages/platform/dist/commands/deadLetters.js",
};

const [name, ...args] = process.argv.slice(2);
const program = programs[name];
if (!program) fail(`There is no command "${name}". These are: ${Object.keys(programs).join(", ")}`);
await prepare();
run(program, args);
