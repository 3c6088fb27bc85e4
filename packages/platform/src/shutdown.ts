import type { Logger } from "./telemetry/logger.js";

const PATIENCE_MS = 10_000;

/**
 * Stops once, on SIGTERM, SIGINT or the end of the supervisor's channel; a second signal does not shorten it, ten seconds do. An error that nobody
 * caught ends the process too: what it left half done is in the database's hands, and a supervisor starts it again.
 */
export const untilStopped = (logger: Logger, close: () => Promise<void>): void => {
  let stopping = false;
  const stop = (reason: string, code: number) => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, "stopping");
    setTimeout(() => process.exit(code || 1), PATIENCE_MS).unref();
    void close()
      .catch((error: unknown) => logger.error({ err: error }, "did not stop cleanly"))
      .finally(() => process.exit(code));
  };
  process.on("SIGTERM", () => stop("SIGTERM", 0));
  process.on("SIGINT", () => stop("SIGINT", 0));
  process.on("disconnect", () => stop("the supervisor is gone", 0));
  process.on("uncaughtException", (error) => {
    logger.fatal({ err: error }, "an error nobody caught");
    stop("uncaughtException", 1);
  });
  process.on("unhandledRejection", (error) => {
    logger.fatal({ err: error }, "a rejection nobody caught");
    stop("unhandledRejection", 1);
  });
};
