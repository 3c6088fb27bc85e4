import { parseArgs } from "node:util";
import { openBus } from "../bus/bullmqBus.js";
import { busAddress, databaseAddress } from "../commands/config.js";
import { openForCommand } from "../database/forCommand.js";
import type { Sql, Transaction } from "../database/sql.js";
import { createLogger } from "../telemetry/logger.js";
import { chooseChain } from "./chooseChain.js";
import { askAndWait, trainNow, type AskedJob, type TrainingPlace } from "./trainNow.js";

/** The models that a service learns of each chain, for `npm run models`. */
export interface ModelsOfService<Kind extends string> {
  /** Its schema and its queue are called so. */
  service: string;
  kinds: readonly Kind[];
  /** What they are, and what is particular about them, in sentences: the middle and the end of the help text. */
  about: string;
  figures: string;
  /** The job that trains one. */
  training(kind: Kind, tenantId: string): AskedJob;
  /** Tables of these kinds, as text that ends with a new line. */
  show(sql: Sql, tenantId: string, kinds: readonly Kind[]): Promise<string>;
  /** Puts the one before back. Returns what came of it, in words; throws when there is nothing to roll back. */
  rollBack(tx: Transaction, tenantId: string, kind: Kind, now: Date): Promise<string>;
  /** What has to be done after that. */
  afterRollback?(kind: Kind, tenantId: string): AskedJob | null;
}

const ACTIONS = ["list", "train", "rollback"] as const;

/** What the person wants. Throws a SyntaxError that says what is wrong. */
export const readModelArguments = <Kind extends string>(args: readonly string[], kinds: readonly Kind[]) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { tenant: { type: "string" }, model: { type: "string" }, help: { type: "boolean", short: "h", default: false } },
  });
  const [named = "list", ...more] = positionals;
  const action = ACTIONS.find((each) => each === named);
  if (!action || more.length > 0) throw new SyntaxError(`Say one of ${ACTIONS.join(", ")}, not "${positionals.join(" ")}"`);
  const kind = kinds.find((each) => each === values.model) ?? null;
  if (values.model !== undefined && !kind) throw new SyntaxError(`--model is one of ${kinds.join(", ")}, not "${values.model}"`);
  if (action === "rollback" && !kind && !values.help)
    throw new SyntaxError(`Say which model is to be rolled back: --model ${kinds.join(" or --model ")}`);
  return { help: values.help, action, kind, tenant: values.tenant ?? null };
};

/** The command as a program: reads its arguments, asks the running service for what only it can do, and ends with an exit code that says how it went. */
export const runModelCommand = async <Kind extends string>(models: ModelsOfService<Kind>, args: readonly string[]): Promise<void> => {
  try {
    await run(models, args);
  } catch (error) {
    const isUsage = error instanceof SyntaxError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") === true;
    process.stderr.write(`${(error as Error).message}${isUsage ? `\n\n${helpOf(models)}` : ""}\n`);
    process.exitCode = isUsage ? 2 : 1;
  }
};

const run = async <Kind extends string>(models: ModelsOfService<Kind>, args: readonly string[]): Promise<void> => {
  const wanted = readModelArguments(args, models.kinds);
  if (wanted.help) return void process.stdout.write(`${helpOf(models)}\n`);
  const { action, kind } = wanted;
  const database = await openForCommand(databaseAddress(), models.service, { write: action === "rollback" });
  const atService = async (work: (place: TrainingPlace) => Promise<void>): Promise<void> => {
    const bus = await openBus({ ...busAddress(), pool: 3, logger: createLogger("models", "error") });
    const say = (text: string) => void process.stderr.write(`${text}\n`);
    await work({ queue: bus.jobs(models.service), sql: database.sql, say }).finally(() => bus.close());
  };
  try {
    const { tenantId, slug } = await chooseChain(database, wanted.tenant);
    const kinds = kind ? [kind] : models.kinds;
    if (action === "rollback" && kind) {
      process.stdout.write(`${slug}: ${await database.transaction((tx) => models.rollBack(tx, tenantId, kind, new Date()))}\n\n`);
      const after = models.afterRollback?.(kind, tenantId);
      if (after) await atService((place) => askAndWait(place, tenantId, after, async () => `${kind}: ${after.job.name}`));
    }
    if (action === "train")
      await atService(async (place) => {
        for (const each of kinds) await trainNow(place, tenantId, each, models.training(each, tenantId));
      });
    process.stdout.write(await models.show(database.sql, tenantId, kinds));
  } finally {
    await database.close();
  }
};

const helpOf = ({
  kinds,
  about,
  figures,
}: ModelsOfService<string>): string => `npm run models -- [list | train | rollback] [--model ${kinds.join("|")}] [--tenant SLUG]

${about}

  list        shows them with how they did on what they had not seen (what it does by itself)
  train       trains one on the chain's history now, instead of in its turn, shows its steps and what came of it
  rollback    takes the model in service out of it for good and puts the one before it back
  --model     which of them; all of them by itself, but for rollback, where it must be said
  --tenant    the chain, by its short name; needed when there are several

${figures}`;
