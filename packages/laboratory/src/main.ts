import { createProgress } from "@kava/importer/terminal/progress";
import { workingFolder } from "./config.js";
import { evaluate } from "./evaluate.js";

/** `npm run evaluate`: the progress on standard error, the findings on standard output. */
try {
  process.exitCode = await evaluate(process.argv.slice(2), {
    cwd: workingFolder(),
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    progress: createProgress(),
    now: () => new Date(),
  });
} catch (error) {
  process.stderr.write(`The evaluation failed: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
if (process.connected) process.disconnect(); // the command that started this one listens until it ends
