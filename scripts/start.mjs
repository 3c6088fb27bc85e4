// `npm start`: installs and builds what is missing, then hands over to the supervisor.
import { prepare, run } from "./bootstrap.mjs";

await prepare();
run("packages/supervisor/dist/main.js", process.argv.slice(2));
