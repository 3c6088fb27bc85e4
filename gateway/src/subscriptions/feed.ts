import type { LocalWakeups, Wakeup } from "./wakeups.js";

/** One payload for a client: data and errors in its own selection, and the cursor to go on from. */
export interface Push {
  cursor: string;
  result: ExecutedResult;
}

/** A result as it is sent; errors are masked already. */
export interface ExecutedResult {
  data?: Record<string, unknown> | null;
  errors?: readonly ReadableError[];
}
export interface ReadableError {
  message: string;
  path?: readonly (string | number)[];
  extensions?: Record<string, unknown>;
}

/** What asking for pushes since a cursor yields. */
export type Page =
  | { kind: "pushes"; pushes: readonly Push[]; /** There may be more behind. */ full: boolean }
  /** Passing trouble: the same question later may be answered. */
  | { kind: "unavailable" }
  /** This viewer gets no answer to this question, now or later. */
  | { kind: "refused"; errors: readonly ReadableError[] };

/**
 * What equal subscribers (same operation, variables and viewer) share: the wake-ups that they wait for, and each question that is under way.
 * A question asked before a wake-up is not shared with who asks after it.
 */
export class Feed {
  #wakes = 0;
  readonly #waiting = new Set<() => void>();
  readonly #underWay = new Map<string, Promise<Page>>();
  readonly #stopListening: () => void;
  readonly #poll: NodeJS.Timeout;

  constructor(wakeup: Wakeup, wakeups: LocalWakeups, pollMs: number) {
    this.#stopListening = wakeups.listen(wakeup, () => this.#wake());
    this.#poll = setInterval(() => this.#wake(), pollMs).unref();
  }

  /** How many wake-ups there were: take it before asking, give it to `changed` afterwards. */
  get wakes(): number {
    return this.#wakes;
  }

  /** Asks, or takes part in the same question that is under way. */
  ask(question: string, run: () => Promise<Page>): Promise<Page> {
    const known = this.#underWay.get(question);
    if (known) return known;
    const asked = run().finally(() => {
      if (this.#underWay.get(question) === asked) this.#underWay.delete(question);
    });
    this.#underWay.set(question, asked);
    return asked;
  }

  /** Resolves once there was a wake-up after `seen`, or when the signal aborts. */
  changed(seen: number, signal: AbortSignal): Promise<void> {
    if (this.#wakes > seen || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener("abort", done);
    });
  }

  close(): void {
    this.#stopListening();
    clearInterval(this.#poll);
  }

  #wake(): void {
    this.#wakes += 1;
    this.#underWay.clear();
    for (const release of this.#waiting) release();
  }
}

/** The feeds that have a subscriber, by what makes subscribers equal. */
export class Feeds {
  readonly #open = new Map<string, { feed: Feed; members: number }>();

  constructor(
    private readonly wakeups: LocalWakeups,
    private readonly pollMs: number,
  ) {}

  /** Joins the feed, listening from now on. Call `leave` once. */
  join(key: string, wakeup: Wakeup): { feed: Feed; leave: () => void } {
    const entry = this.#open.get(key) ?? { feed: new Feed(wakeup, this.wakeups, this.pollMs), members: 0 };
    this.#open.set(key, entry);
    entry.members += 1;
    return {
      feed: entry.feed,
      leave: () => {
        entry.members -= 1;
        if (entry.members > 0) return;
        entry.feed.close();
        this.#open.delete(key);
      },
    };
  }

  get size(): number {
    return this.#open.size;
  }
}
