import type { Logger } from "@kava/platform/telemetry/logger";

const COLLECT_MS = 5_000;

/** Turns a burst of requests for the same key into one call, five seconds after the first. What a dying process forgets, `learn-when-changed` finds. */
export class Debounce {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #call: (key: string) => Promise<void>;
  readonly #logger: Logger;
  constructor(call: (key: string) => Promise<void>, logger: Logger) {
    this.#call = call;
    this.#logger = logger;
  }

  ask(key: string): void {
    if (this.#timers.has(key)) return;
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        this.#call(key).catch((error: unknown) =>
          this.#logger.warn({ err: error, key }, "a refresh could not be queued; it is found again within five minutes"),
        );
      }, COLLECT_MS),
    );
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
