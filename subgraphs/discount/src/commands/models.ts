import { parseArgs } from "node:util";
import { tenantIdOf } from "@kava/contracts/ids";
import { openBus } from "@kava/platform/bus/bullmqBus";
import { busAddress, databaseAddress } from "@kava/platform/commands/config";
import type { Database } from "@kava/platform/database/database";
import { openForCommand } from "@kava/platform/database/forCommand";
import { createLogger } from "@kava/platform/telemetry/logger";
import { TenantView } from "@kava/platform/views/tenants";
import { listModels, MODEL_KINDS, rollBack, type ModelKind } from "../storage/modelLife.js";
import { modelTable } from "./modelTable.js";
import { trainNow } from "./trainNow.js";

const HELP = `npm run models -- [list | train | rollback] [--model response|uplift] [--tenant SLUG]

The models of a chain that decisions are made with. The response model says how likely a customer buys an item; the uplift model what each
depth was measured to change, with the game of each segment. While too little was offered at random there is no uplift model.

  list        shows them with how they did on weeks they had not seen (what it does by itself)
  train       fits one on the chain's history now, instead of in its daily turn, and shows what came of it
  rollback    takes the model in service out of it for good and puts the one before it back; at the next decisions, within half a minute
  --model     which of them; both by itself, but for rollback, where it must be said
  --tenant    the chain, by its short name; needed when there are several`;

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

/** The chain that is meant. Throws an Error that names those that there are. */
export const chooseChain = async (database: Pick<Database, "sql">, slug: string | null): Promise<{ tenantId: string; slug: string }> => {
  const chains = (await new TenantView(database.sql).all()).map(({ tenantId, facts }) => ({ tenantId, slug: facts.slug }));
  const names = chains.map((each) => each.slug).join(", ");
  if (chains.length === 0) throw new Error("There is no chain yet: start with the demo, or import one");
  const chosen = slug === null ? (chains.length === 1 ? chains[0] : null) : chains.find((each) => each.tenantId === tenantIdOf(slug));
  if (chosen) return chosen;
  throw new Error(
    slug === null ? `There are several chains: say --tenant with one of ${names}` : `There is no chain "${slug}": there are ${names}`,
  );
};

const NONE: Record<ModelKind, string> = { response: "the prior", uplift: "none: nothing is claimed of depths, and the prior" };

const main = async (): Promise<void> => {
  const wanted = readModelArguments(process.argv.slice(2));
  if (wanted.help) return void process.stdout.write(`${HELP}\n`);
  const logger = createLogger("models", "error");
  const address = busAddress();
  const database = await openForCommand(databaseAddress(), "discount", { write: true });
  try {
    const { tenantId, slug } = await chooseChain(database, wanted.tenant);
    const kinds = wanted.kind ? [wanted.kind] : MODEL_KINDS;
    if (wanted.action === "rollback" && wanted.kind) {
      const { withdrawn, serving } = await database.transaction((tx) => rollBack(tx, tenantId, wanted.kind!));
      process.stdout.write(`${slug}: ${withdrawn} is withdrawn, ${serving ?? NONE[wanted.kind]} is in service again\n\n`);
    }
    if (wanted.action === "train") {
      const bus = await openBus({ ...address, pool: 3, logger });
      const say = (text: string) => void process.stderr.write(`${text}\n`);
      try {
        for (const kind of kinds) await trainNow({ queue: bus.jobs("discount"), sql: database.sql, say }, tenantId, kind);
      } finally {
        await bus.close();
      }
    }
    const models = await listModels(database.sql, tenantId);
    process.stdout.write(`${kinds.map((kind) => modelTable(kind, models)).join("\n")}`);
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
