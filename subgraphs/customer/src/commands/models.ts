import { parseArgs } from "node:util";
import type { SegmentsComparison } from "@kava/algorithms/segmentation/judgeSegments";
import { openBus } from "@kava/platform/bus/bullmqBus";
import { chooseChain } from "@kava/platform/commands/chooseChain";
import { busAddress, databaseAddress } from "@kava/platform/commands/config";
import type { Database } from "@kava/platform/database/database";
import { openForCommand } from "@kava/platform/database/forCommand";
import type { Sql } from "@kava/platform/database/sql";
import { createLogger } from "@kava/platform/telemetry/logger";
import { MODEL_KINDS, type LifetimeComparison, type ModelKind } from "../domain/modelLife.js";
import { rollBackLifetime } from "../storage/lifetimeStore.js";
import { listModels } from "../storage/modelLife.js";
import { rollBackSegments } from "../storage/serveSegments.js";
import { placeNow, trainNow, type TrainingPlace } from "./askForTraining.js";
import { lifetimeTable, segmentsTable } from "./modelTable.js";

const HELP = `npm run models -- [list | train | rollback] [--model lifetime|segments] [--tenant SLUG]

The models of a chain's customers. The lifetime model says what a customer will be worth; the segments say who buys alike.

  list        shows them with how they did on weeks, or customers, that they had not seen (what it does by itself)
  train       trains one on the chain's history now, instead of in its daily turn, shows its steps and what came of it
  rollback    takes the model in service out of it for good and puts the one before it back; everyone is then placed in the segments of before
  --model     which of them; both by itself, but for rollback, where it must be said
  --tenant    the chain, by its short name; needed when there are several

Gains are those over the model that was in service then, as a share of its loss (80 % interval); slope is the calibration of what was predicted, 1 is right; shift is
the population stability index of the feature that moved most since the model learned, above 0.25 much did.`;

const ACTIONS = ["list", "train", "rollback"] as const;

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
  const kind = MODEL_KINDS.find((each) => each === values.model) ?? null;
  if (values.model !== undefined && !kind) throw new SyntaxError(`--model is one of ${MODEL_KINDS.join(", ")}, not "${values.model}"`);
  if (action === "rollback" && !kind && !values.help)
    throw new SyntaxError(`Say which model is to be rolled back: --model ${MODEL_KINDS.join(" or --model ")}`);
  return { help: values.help, action, kind, tenant: values.tenant ?? null };
};

/** Puts the model before the one in service back; says so. Segments are then to be placed again. */
export const rollBack = async (database: Pick<Database, "transaction">, tenantId: string, kind: ModelKind, now: Date): Promise<string> => {
  const { withdrawn, serving } = await database.transaction((tx): Promise<{ withdrawn: number; serving: number | null }> =>
    kind === "lifetime" ? rollBackLifetime(tx, tenantId, now) : rollBackSegments(tx, tenantId, now),
  );
  return `model ${withdrawn} is withdrawn, ${serving === null ? "what other chains are like" : `model ${serving}, under a new number,`} is in service again`;
};

/** The tables of these kinds. */
export const showModels = async (sql: Sql, tenantId: string, kinds: readonly ModelKind[]): Promise<string> => {
  const tables = await Promise.all(
    kinds.map(async (kind) =>
      kind === "lifetime"
        ? lifetimeTable(await listModels<LifetimeComparison>(sql, kind, tenantId))
        : segmentsTable(await listModels<SegmentsComparison>(sql, kind, tenantId)),
    ),
  );
  return tables.join("\n");
};

const main = async (): Promise<void> => {
  const wanted = readModelArguments(process.argv.slice(2));
  if (wanted.help) return void process.stdout.write(`${HELP}\n`);
  const { action, kind } = wanted;
  const database = await openForCommand(databaseAddress(), "customer", { write: action === "rollback" });
  const atService = async (work: (place: TrainingPlace) => Promise<void>): Promise<void> => {
    const bus = await openBus({ ...busAddress(), pool: 3, logger: createLogger("models", "error") });
    const say = (text: string) => void process.stderr.write(`${text}\n`);
    await work({ queue: bus.jobs("customer"), sql: database.sql, say }).finally(() => bus.close());
  };
  try {
    const { tenantId, slug } = await chooseChain(database, wanted.tenant);
    const kinds = kind ? [kind] : MODEL_KINDS;
    if (action === "rollback" && kind) {
      process.stdout.write(`${slug}: ${await rollBack(database, tenantId, kind, new Date())}\n\n`);
      if (kind === "segments") await atService((place) => placeNow(place, tenantId));
    }
    if (action === "train")
      await atService(async (place) => {
        for (const each of kinds) await trainNow(place, tenantId, each);
      });
    process.stdout.write(await showModels(database.sql, tenantId, kinds));
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
