import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openBus } from "@kava/platform/bus/bullmqBus";
import type { Job, JobQueue } from "@kava/platform/bus/port";
import { chooseChain } from "@kava/platform/commands/chooseChain";
import { busAddress, databaseAddress } from "@kava/platform/commands/config";
import { openForCommand } from "@kava/platform/database/forCommand";
import { createLogger } from "@kava/platform/telemetry/logger";
import { LearnPreferences } from "../jobs/learnPreferences.js";
import { RankEveryone } from "../jobs/rankEveryone.js";
import { listModels, rollBack } from "../storage/modelLife.js";
import { modelTable } from "./modelTable.js";

const HELP = `npm run models -- [list | train | rollback] [--model tastes] [--tenant SLUG]

The models of what a chain's customers like: recommendations are ranked by them.

  list        shows them with how they did on baskets that they had not seen (what it does by itself)
  train       learns one from the chain's history now, instead of when enough was bought, and shows what came of it
  rollback    takes the model in service out of it for good and puts the one before it back; everyone's list is then made anew
  --tenant    the chain, by its short name; needed when there are several

Gains are those over the model that was in service then, in nats a basket (80 % interval); slope is the calibration of the chances, 1 is right; shift is the population
stability index of what is bought, above 0.25 much has changed.`;

const ACTIONS = ["list", "train", "rollback"] as const;
const POLL_MS = 200;
const PATIENCE_MS = 600_000;

/** What the person wants. Throws a SyntaxError that says what is wrong. */
export const readModelArguments = (args: readonly string[]) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { tenant: { type: "string" }, model: { type: "string" }, help: { type: "boolean", short: "h", default: false } },
  });
  const [named = "list", ...more] = positionals;
  const action = ACTIONS.find((each) => each === named);
  if (!action || more.length > 0) throw new SyntaxError(`Say one of ${ACTIONS.join(", ")}, not "${positionals.join(" ")}"`);
  if (values.model !== undefined && values.model !== "tastes") throw new SyntaxError(`--model is tastes, not "${values.model}"`);
  return { help: values.help, action, tenant: values.tenant ?? null };
};

/** Asks the service for a job of a chain and waits until it is done. Throws when it was given up, or when no service takes it up. */
export const askAndWait = async (
  queue: JobQueue,
  job: Pick<Job<{ tenantId: string }>, "name"> & { input: Job["input"] },
  input: { tenantId: string },
  say: (text: string) => void,
  patienceMs = PATIENCE_MS,
): Promise<void> => {
  const key = `${input.tenantId}.asked`;
  await queue.enqueue({ ...job, attempts: 1 }, input, { key });
  const [start, told] = [Date.now(), { seconds: 0 }];
  for (; (await queue.pending(job.name)) > 0; await pause(POLL_MS)) {
    const seconds = Math.floor((Date.now() - start) / 1_000);
    if (seconds > told.seconds) say(`tastes: ${job.name} … ${(told.seconds = seconds)} s`);
    if (Date.now() - start > patienceMs) throw new Error("No service is at it: is the analytics service running?");
  }
  const why = await queue.whyGivenUp(job.name, key);
  if (why !== null) throw new Error(`It was given up: ${why}`);
};

const main = async (): Promise<void> => {
  const wanted = readModelArguments(process.argv.slice(2));
  if (wanted.help) return void process.stdout.write(`${HELP}\n`);
  const { action } = wanted;
  const database = await openForCommand(databaseAddress(), "analytics", { write: action === "rollback" });
  const ask = async (job: typeof LearnPreferences | typeof RankEveryone, tenantId: string): Promise<void> => {
    const bus = await openBus({ ...busAddress(), pool: 3, logger: createLogger("models", "error") });
    const say = (text: string) => void process.stderr.write(`${text}\n`);
    await askAndWait(bus.jobs("analytics"), job, { tenantId }, say).finally(() => bus.close());
  };
  try {
    const { tenantId, slug } = await chooseChain(database, wanted.tenant);
    if (action === "train") await ask(LearnPreferences, tenantId);
    if (action === "rollback") {
      const { withdrawn, serving } = await database.transaction((tx) => rollBack(tx, tenantId, new Date()));
      const [old, back] = [withdrawn, serving].map((at) => at.toISOString().slice(0, 16).replace("T", " "));
      process.stdout.write(`${slug}: the tastes of ${old} are withdrawn, those of ${back} are in service again\n\n`);
      await ask(RankEveryone, tenantId);
    }
    process.stdout.write(modelTable(await listModels(database.sql, tenantId)));
  } finally {
    await database.close();
  }
};

if (import.meta.main)
  await main().catch((error: unknown) => {
    const isUsage = error instanceof SyntaxError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") === true;
    process.stderr.write(`${(error as Error).message}${isUsage ? `\n\n${HELP}` : ""}\n`);
    process.exitCode = isUsage ? 2 : 1;
  });
