import { parseArgs } from "node:util";
import { CONSUMERS, type Consumer } from "@kava/contracts/events";
import { openBus } from "../bus/bullmqBus.js";
import type { Bus, DeadLetter } from "../bus/port.js";
import { createLogger } from "../telemetry/logger.js";
import { busAddress } from "./config.js";

const HELP = `npm run dead-letters -- [options]

Shows the events that a service could not handle, or hands them to it again.

  --list                       shows them (what it does by itself)
  --replay [SERVICE]           puts them back in the queue: of one service (${CONSUMERS.join(", ")}), or of all
  --id EVENT                   only this event; any number of times

Replay once the cause is mended: an event that fails again is a dead letter again.`;

/** A dead letter and whose it is. */
export interface ConsumersDeadLetter extends DeadLetter {
  consumer: Consumer;
}

/** The dead letters of all consumers, the oldest first; of each the newest thousand. */
export const listDeadLetters = async (bus: Bus): Promise<ConsumersDeadLetter[]> => {
  const lists = await Promise.all(
    CONSUMERS.map(async (consumer) => (await bus.events.deadLetters(consumer)).map((letter) => ({ ...letter, consumer }))),
  );
  return lists.flat().sort((a, b) => a.failedAt.getTime() - b.failedAt.getTime());
};

/** Puts dead letters of a consumer (null: of each) back in its queue: these events, or all. Returns how many. */
export const replayDeadLetters = async (bus: Bus, consumer: Consumer | null, eventIds?: readonly string[]): Promise<number> => {
  let count = 0;
  for (const each of consumer ? [consumer] : CONSUMERS) count += await bus.events.replay(each, eventIds);
  return count;
};

/** What the person wants. Throws a SyntaxError that says what is wrong. */
export const readDeadLetterArguments = (
  args: readonly string[],
): { help: boolean; replay: boolean; consumer: Consumer | null; eventIds: string[] | undefined } => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      list: { type: "boolean", default: false },
      replay: { type: "boolean", default: false },
      id: { type: "string", multiple: true },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const [named, ...more] = positionals;
  const consumer = CONSUMERS.find((each) => each === named) ?? null;
  if (named !== undefined && !consumer) throw new SyntaxError(`There is no service "${named}": it is one of ${CONSUMERS.join(", ")}`);
  if (more.length > 0) throw new SyntaxError("Name one service, or none for all");
  if (values.list && values.replay) throw new SyntaxError("Give --list or --replay, not both");
  if (!values.replay && values.id) throw new SyntaxError("--id goes with --replay");
  return { help: values.help, replay: values.replay, consumer, eventIds: values.id };
};

const HEADINGS = ["service", "event", "type", "tries", "failed at", "reason"];
const LONGEST_REASON = 100;

/** The dead letters as a table of text, or that there are none. */
export const deadLetterTable = (letters: readonly ConsumersDeadLetter[]): string => {
  if (letters.length === 0) return "No dead letters: every event was handled or still waits for its turn.\n";
  const rows = letters.map(({ consumer, event, attempts, failedAt, reason }) =>
    // as text, whatever it is: a malformed event may have no id
    [consumer, event.id, event.type, attempts, failedAt.toISOString(), reason.replace(/\s+/g, " ").slice(0, LONGEST_REASON)].map(String),
  );
  const widths = HEADINGS.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]!.length)));
  const lines = [HEADINGS, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n\n${letters.length} in all. Mend the cause, then: npm run dead-letters -- --replay\n`;
};

/** Does what the arguments say on a bus and returns what to print. */
export const deadLetters = async (
  bus: Bus,
  { replay, consumer, eventIds }: ReturnType<typeof readDeadLetterArguments>,
): Promise<string> => {
  if (!replay) return deadLetterTable((await listDeadLetters(bus)).filter((letter) => consumer === null || letter.consumer === consumer));
  const count = await replayDeadLetters(bus, consumer, eventIds);
  if (count === 0) return "Nothing to replay: there is no such dead letter.\n";
  return `${count} ${count === 1 ? "event is" : "events are"} in the queue again.\n`;
};

const main = async (): Promise<void> => {
  const wanted = readDeadLetterArguments(process.argv.slice(2));
  if (wanted.help) return void process.stdout.write(`${HELP}\n`);
  const bus = await openBus({ ...busAddress(), pool: 3, logger: createLogger("dead-letters", "error") });
  try {
    process.stdout.write(await deadLetters(bus, wanted));
  } finally {
    await bus.close();
  }
};

if (import.meta.main)
  await main().catch((error: unknown) => {
    const isUsage = error instanceof SyntaxError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") === true;
    process.stderr.write(`${(error as Error).message}${isUsage ? `\n\n${HELP}` : ""}\n`);
    process.exitCode = isUsage ? 2 : 1;
  });
