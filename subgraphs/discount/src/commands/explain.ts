import { parseArgs } from "node:util";
import { databaseAddress } from "@kava/platform/commands/config";
import { openForCommand } from "@kava/platform/database/forCommand";
import { createLogger } from "@kava/platform/telemetry/logger";
import { explainOffer } from "./explainOffer.js";

const HELP = `npm run explain -- OFFER [options]

Shows how an offer came about: the decision is made again from its record and told step by step, as the auditor, the customer and the
barista may see it.

  OFFER            the offer's id, as the graph shows it (customer { offer { id } })
  --view VIEW      auditor (everything), customer (why, in their words) or till (one line); all of them by itself
  --language LANG  of the customer's view: en, ru or uk
  --json           the kept record and what came of making it again, as JSON

Whoever sees the auditor's view sees costs and floors.`;

const VIEWS = ["auditor", "customer", "till"] as const;
const LANGUAGES = ["en", "ru", "uk"] as const;

/** What the person wants. Throws a SyntaxError that says what is wrong. */
export const readExplainArguments = (args: readonly string[]) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      view: { type: "string" },
      language: { type: "string", default: "en" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const view = VIEWS.find((each) => each === values.view) ?? null;
  if (values.view !== undefined && !view) throw new SyntaxError(`--view is one of ${VIEWS.join(", ")}, not "${values.view}"`);
  const language = LANGUAGES.find((each) => each === values.language);
  if (!language) throw new SyntaxError(`--language is one of ${LANGUAGES.join(", ")}, not "${values.language}"`);
  const [offerId, ...more] = positionals;
  if (!values.help && (offerId === undefined || more.length > 0)) throw new SyntaxError("Name one offer by its id");
  return { help: values.help, json: values.json, view, language, offerId: offerId ?? "" };
};

const main = async (): Promise<void> => {
  const wanted = readExplainArguments(process.argv.slice(2));
  if (wanted.help) return void process.stdout.write(`${HELP}\n`);
  const database = await openForCommand(databaseAddress(), "discount");
  try {
    process.stdout.write(await explainOffer(database.sql, wanted, { now: new Date(), logger: createLogger("explain", "error") }));
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
