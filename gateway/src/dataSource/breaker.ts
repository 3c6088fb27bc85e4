const FAILURES_TO_OPEN = 20;
const PAUSE_MS = 1_000;

/**
 * Spares a subgraph that does not answer, and those who wait for it: after 20 failures in a row requests fail at once, and one a second is
 * let through to see whether it is back. Times are milliseconds of one clock.
 */
export class Breaker {
  #failures = 0;
  #nextTry = 0;

  allows(now: number): boolean {
    if (this.#failures < FAILURES_TO_OPEN) return true;
    if (now < this.#nextTry) return false;
    this.#nextTry = now + PAUSE_MS;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(now: number): void {
    this.#failures += 1;
    if (this.#failures === FAILURES_TO_OPEN) this.#nextTry = now + PAUSE_MS;
  }
}
