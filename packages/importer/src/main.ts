import { IMPORT_HELP, readImportArguments } from "./arguments.js";
import { borrowInstance } from "./borrowInstance.js";
import { importChain } from "./chain/importChain.js";
import { importerConfig } from "./config.js";
import { createProgress } from "./terminal/progress.js";
import { summaryText } from "./terminal/summary.js";

/** `npm run import`: the progress on standard error, the summary on standard output. */
const main = async (): Promise<void> => {
  const config = importerConfig();
  const request = readImportArguments(process.argv.slice(2), config.cwd);
  if (!request) return void process.stdout.write(`${IMPORT_HELP}\n`);
  const progress = createProgress();
  const { instance, giveBack } = await borrowInstance(config, () => progress.part("starting an instance", 0));
  try {
    const summary = await importChain(request, instance, config.home, new Date(), progress);
    process.stdout.write(`${summaryText(summary)}\n`);
  } finally {
    progress.end();
    await giveBack();
  }
};

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    process.stderr.write("\nBroken off. Run the same command again: it goes on where it was.\n");
    process.exit(130);
  });
try {
  await main();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n${error instanceof SyntaxError ? `\n${IMPORT_HELP}\n` : ""}`);
  process.exit(error instanceof SyntaxError ? 2 : 1);
}
