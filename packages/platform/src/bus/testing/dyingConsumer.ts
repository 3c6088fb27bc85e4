import { oneByOne } from "../port.js";
import { createLogger } from "../../telemetry/logger.js";
import { openBus } from "../bullmqBus.js";

// A process of its own for the contract: it takes events, says so on standard output, and never finishes one. Arguments: database, Redis or "".
const [databaseUrl = "", redisUrl = ""] = process.argv.slice(2);
const bus = await openBus({
  databaseUrl,
  redisUrl: redisUrl || undefined,
  pool: 4,
  logger: createLogger("dying", "silent"),
  lockMs: 1_200,
});
await bus.events.consume(
  "discount",
  oneByOne(async ({ id }) => {
    process.stdout.write(`${id}\n`);
    await new Promise<never>(() => {});
  }),
);
