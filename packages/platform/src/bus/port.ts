import type { AnyEvent, Consumer, Delivery } from "@kava/contracts/events";
import type { z } from "zod";

/** Events between services: fanned out to a queue per consumer (`ROUTES`), delivered at least once, tried again with growing pauses, then kept as a dead letter. */
export interface EventBus {
  /** To those who hear so; to all, unless told. These events reach a consumer as one message, or few. */
  publish(events: readonly AnyEvent[], delivery?: Delivery): Promise<void>;
  /** `handle` is given the events of a message. When it fails, its events come again one by one, so that only a broken one dies. */
  consume(
    consumer: Consumer,
    handle: (events: readonly AnyEvent[]) => Promise<void>,
    options?: { concurrency?: number },
  ): Promise<Closable>;
  deadLetters(consumer: Consumer): Promise<DeadLetter[]>;
  /** Puts dead letters back in the queue: these events, or all. Returns how many. */
  replay(consumer: Consumer, eventIds?: readonly string[]): Promise<number>;
  /** Messages, each of one or more events, that wait or are being handled. */
  depth(consumer: Consumer): Promise<number>;
}

export interface DeadLetter {
  event: AnyEvent;
  reason: string;
  attempts: number;
  failedAt: Date;
}

/**
 * A hint to whoever listens now; nothing is kept. Topics are dot-separated; a pattern may hold `*` (one segment) or end in `>` (the rest).
 * `keys` say what there is news of under the topic: one message for all of them, as a message costs the same however many it names.
 */
export interface Wakeups {
  publish(topic: string, keys: readonly string[]): Promise<void>;
  subscribe(pattern: string, listener: (topic: string, keys: readonly string[]) => void): Promise<Closable>;
}

/** A job: a name, what it takes, and what it does. */
export interface Job<Input = unknown> {
  name: string;
  input: z.ZodType<Input>;
  run(input: Input, progress: (done: number, total: number) => void): Promise<void>;
  /** Runs by itself at this interval, with this input. */
  every?: { ms: number; input: Input };
  /** How often it is tried before it is given up (5). */
  attempts?: number;
}

/** A job of any input, as a queue takes it: each input is read by the job's own schema. */
export interface AnyJob extends Omit<Job<never>, "input" | "every"> {
  input: z.ZodType;
  every?: { ms: number; input: unknown };
}

export interface JobQueue {
  /** `key`: while a job of the same name and key waits, another is not added (it would do the same work twice). `delayMs` collects a burst into one run. */
  enqueue<Input>(
    job: Pick<Job<Input>, "name" | "input" | "attempts">,
    input: Input,
    options?: { key?: string; delayMs?: number },
  ): Promise<void>;
  work(jobs: readonly AnyJob[], options?: { concurrency?: number }): Promise<Closable>;
  /** Jobs that wait or run, by name. */
  pending(name?: string): Promise<number>;
  /** Why the last job of this name and key was given up after all its tries. Null when none was, or when one has succeeded since. */
  whyGivenUp(name: string, key: string): Promise<string | null>;
}

export interface Closable {
  close(): Promise<void>;
}

/** All that one process needs of the bus, over one connection. */
export interface Bus extends Closable {
  readonly events: EventBus;
  readonly wakeups: Wakeups;
  /** The queue of jobs that belongs to a service. */
  jobs(service: string): JobQueue;
}

/** Defines a job with its input typed by its schema. */
export const defineJob = <Input>(job: Job<Input>): Job<Input> => job;

/** Handles the events of a message one after the other. */
export const oneByOne =
  (handle: (event: AnyEvent) => Promise<void>) =>
  async (events: readonly AnyEvent[]): Promise<void> => {
    for (const event of events) await handle(event);
  };
