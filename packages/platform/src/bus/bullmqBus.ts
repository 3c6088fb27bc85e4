import { DELIVERY, ROUTES, parseEvent, type AnyEvent, type Consumer } from "@kava/contracts/events";
import { UnrecoverableError, type JobType, type JobsOptions } from "bullmq";
import { ZodError } from "zod";
import type { Logger } from "../telemetry/logger.js";
import { postgresBackend, redisBackend, type AnyQueue, type Backend } from "./backends.js";
import type { AnyJob, Bus, Closable, DeadLetter, EventBus, JobQueue, Wakeups } from "./port.js";

export interface BusOptions {
  databaseUrl: string;
  redisUrl: string | undefined;
  /** Connections that the bus may hold on PostgreSQL. */
  pool: number;
  logger: Logger;
  /** Tries of an event before it becomes a dead letter (pauses 0.2 s, 0.4 s, … about 100 s in all at 10). */
  attempts?: number;
  backoffMs?: number;
  /** How long a message is a process' own without a sign of life from it (30 s): what a killed one was handling then goes to another. */
  lockMs?: number;
}

/** The bus of an installation: on Redis when there is one, else on the PostgreSQL that is there anyway. */
export const openBus = async (options: BusOptions): Promise<Bus> => {
  const backend = options.redisUrl
    ? await redisBackend(options.redisUrl, options.logger)
    : await postgresBackend(options.databaseUrl, options.pool, options.logger);
  return new BullMqBus(backend, options);
};

class BullMqBus implements Bus {
  readonly events: EventBus;
  readonly wakeups: Wakeups;
  readonly #closables: Closable[] = [];
  readonly #queues = new Map<string, Promise<AnyQueue<unknown>>>();

  constructor(
    private readonly backend: Backend,
    private readonly options: BusOptions,
  ) {
    this.events = this.#eventBus();
    this.wakeups = this.#wakeups();
  }

  jobs(service: string): JobQueue {
    const queueOf = () => this.#queue<unknown>(`jobs-${service}`);
    return {
      enqueue: async (job, input, { key, delayMs } = {}) => {
        const queue = await queueOf();
        await queue.add(job.name, job.input.parse(input), {
          ...JOB_OPTIONS,
          ...(job.attempts ? { attempts: job.attempts } : {}),
          ...(delayMs ? { delay: delayMs } : {}),
          ...(key ? { deduplication: { id: identityOf(job.name, key), keepLastIfActive: true } } : {}),
        });
      },
      work: (jobs, { concurrency = 1 } = {}) => this.#workJobs(`jobs-${service}`, jobs, concurrency),
      pending: async (name) => {
        const queue = await queueOf();
        const pending = new Set<string | undefined>();
        for (const states of STATES_OF_A_JOB)
          for (const job of await queue.getJobs(states))
            if ((name === undefined || job.name === name) && !job.repeatJobKey) pending.add(job.id);
        return pending.size;
      },
      whyGivenUp: async (name, key) => {
        const given = await failuresOf(await queueOf(), identityOf(name, key));
        return given.toSorted((one, other) => (one.finishedOn ?? 0) - (other.finishedOn ?? 0)).at(-1)?.failedReason ?? null;
      },
    };
  }

  async close(): Promise<void> {
    for (const closable of this.#closables.reverse())
      await closable.close().catch((error: unknown) => this.options.logger.warn({ err: error }, "a part of the bus did not close cleanly"));
    for (const queue of this.#queues.values()) await queue.then((each) => each.close()).catch(() => undefined);
    await this.backend.close();
  }

  #queue<Data>(name: string): Promise<AnyQueue<Data>> {
    const known = this.#queues.get(name);
    if (known) return known as Promise<AnyQueue<Data>>;
    const queue = this.backend.queue<Data>(name);
    queue.on("error", (error: Error) => this.options.logger.warn({ err: error, queue: name }, "a queue lost its connection"));
    const opening = whenReady(queue);
    this.#queues.set(name, opening as Promise<AnyQueue<unknown>>);
    opening.catch(() => this.#queues.delete(name));
    return opening;
  }

  async #worker<Data>(
    name: string,
    run: (
      data: Data,
      job: { name: string; opts: JobsOptions; attemptsMade: number; updateProgress(value: number): Promise<void> },
    ) => Promise<void>,
    concurrency: number,
  ): Promise<Closable> {
    const lockMs = this.options.lockMs ?? 30_000;
    const worker = this.backend.worker<Data>(name, async (job) => run(job.data, job), {
      concurrency,
      lockDuration: lockMs,
      stalledInterval: lockMs / 6,
      maxStalledCount: 10,
      runRetryDelay: 500, // after a refused connection; its default of 15 s would add to every restart of the server
      autorun: false,
    });
    const lost = (error: Error) => this.options.logger.warn({ err: error, queue: name }, "a worker lost its connection");
    // without a listener an error of the connection would end the process
    worker.on("error", lost);
    worker.on("failed", (job, error: Error) =>
      this.options.logger.warn({ err: error, queue: name, job: job?.id, attempts: job?.attemptsMade }, "a message could not be handled"),
    );
    await whenReady(worker);
    worker.run().catch(lost);
    const closable = { close: () => worker.close() };
    this.#closables.push(closable);
    return closable;
  }

  async #workJobs(name: string, jobs: readonly AnyJob[], concurrency: number): Promise<Closable> {
    const byName = new Map(jobs.map((job) => [job.name, job]));
    const queue = await this.#queue<unknown>(name);
    for (const job of jobs)
      if (job.every)
        await queue.upsertJobScheduler(
          job.name,
          { every: job.every.ms },
          { name: job.name, data: job.every.input, opts: { ...JOB_OPTIONS, attempts: 1 } },
        );
    return this.#worker<never>(
      name,
      async (data, running) => {
        const job = byName.get(running.name);
        if (!job) throw new UnrecoverableError(`No job is called "${running.name}" here`);
        await job.run(
          job.input.parse(data) as never,
          (done, total) => void running.updateProgress(Math.round((100 * done) / Math.max(1, total))).catch(() => undefined),
        );
        const identity = running.opts.deduplication?.id;
        if (identity) for (const failed of await failuresOf(queue, identity)) await failed.remove();
      },
      concurrency,
    );
  }

  #eventBus(): EventBus {
    const options: JobsOptions = {
      attempts: this.options.attempts ?? 10,
      backoff: { type: "exponential", delay: this.options.backoffMs ?? 200 },
      removeOnComplete: true,
      removeOnFail: false,
    };
    const queueOf = (consumer: Consumer) => this.#queue<Message>(`events-${consumer}`);
    const addOne = (queue: AnyQueue<Message>, event: AnyEvent) => queue.add(event.type, [event], { ...options, jobId: event.id });
    return {
      publish: async (events, delivery) => {
        const byConsumer = Map.groupBy(
          events.flatMap((event) => ROUTES[event.type].map((consumer) => ({ consumer, event }))),
          (each) => each.consumer,
        );
        for (const [consumer, heard] of byConsumer) {
          if (delivery && DELIVERY[consumer] !== delivery) continue;
          const queue = await queueOf(consumer);
          for (const message of messagesOf(heard.map(({ event }) => event)))
            if (message.length === 1) await addOne(queue, message[0]!);
            else await queue.add("events", message, { ...options, jobId: `${message[0]!.id}.${message.length}` });
        }
      },
      consume: async (consumer, handle, { concurrency = 8 } = {}) =>
        this.#worker<Message>(
          `events-${consumer}`,
          async (message, { attemptsMade }) => {
            if (message.length === 1) return handle([readOrRefuse(message[0])]);
            if (attemptsMade === 0) return handle(message.map((event) => parseEvent(event)));
            const queue = await queueOf(consumer);
            for (const event of message) await addOne(queue, event);
          },
          concurrency,
        ),
      deadLetters: async (consumer) =>
        (await (await queueOf(consumer)).getFailed(0, 999)).flatMap((job) =>
          job.data.map((event): DeadLetter => ({
            event,
            reason: job.failedReason,
            attempts: job.attemptsMade,
            failedAt: new Date(job.finishedOn ?? job.timestamp),
          })),
        ),
      replay: async (consumer, eventIds) => {
        const failed = (await (await queueOf(consumer)).getFailed(0, 9_999)).filter(
          (job) => !eventIds || job.data.some(({ id }) => eventIds.includes(id)),
        );
        for (const job of failed) await job.retry("failed", { resetAttemptsMade: true });
        return failed.length;
      },
      depth: async (consumer) => {
        const counts = await (await queueOf(consumer)).getJobCounts("waiting", "active", "delayed", "prioritized");
        return Object.values(counts).reduce((sum, count) => sum + count, 0);
      },
    };
  }

  #wakeups(): Wakeups {
    let relay: Promise<ReturnType<Backend["relay"]>> | undefined;
    const open = (): Promise<ReturnType<Backend["relay"]>> => {
      if (relay) return relay;
      const opened = this.backend.relay();
      opened.on("error", (error: Error) => this.options.logger.warn({ err: error }, "wake-ups lost their connection"));
      const opening = whenReady(opened);
      opening.then(
        () => this.#closables.push({ close: () => opened.close() }),
        () => (relay = undefined),
      );
      return (relay = opening);
    };
    return {
      publish: async (topic, keys) => {
        const relay = await open();
        for (let from = 0; from < keys.length; from += MOST_KEYS) await relay.publish(topic, keys.slice(from, from + MOST_KEYS));
      },
      subscribe: async (pattern, listener) => {
        const subscription = await (await open()).subscribe<readonly string[]>(pattern, (message) => listener(message.topic, message.data));
        return { close: () => subscription.unsubscribe() };
      },
    };
  }
}

/**
 * A part of BullMQ whose first connection failed stays broken for ever: it keeps the refusal and answers every call with it, a worker in a loop that
 * starves its process. So nothing is used before it is ready, and what does not get there is thrown away: the next call makes it anew.
 */
const whenReady = async <Part extends { waitUntilReady(): Promise<unknown>; close(): Promise<void> }>(part: Part): Promise<Part> => {
  try {
    await part.waitUntilReady();
    return part;
  } catch (error) {
    await part.close().catch(() => undefined);
    throw error;
  }
};

/** Keys of one wake-up: far below the half megabyte that a relay carries. */
const MOST_KEYS = 1_000;

/** By what jobs that do the same work are known to the queue. */
const identityOf = (name: string, key: string): string => `${name}.${key}`;

const failuresOf = async (queue: AnyQueue<unknown>, identity: string): ReturnType<AnyQueue<unknown>["getFailed"]> =>
  (await queue.getFailed(0, MOST_FAILED)).filter((job) => job.opts.deduplication?.id === identity);

/** What travels to a consumer: events that happened at about the same time. */
type Message = readonly AnyEvent[];

/** A message is held in memory, and handled in one transaction: so much at the most, unless a single event is more. */
const MOST_EVENTS = 200;
const MOST_CHARACTERS = 1_000_000;

const messagesOf = (events: readonly AnyEvent[]): AnyEvent[][] => {
  const messages: AnyEvent[][] = [];
  let room = 0;
  for (const event of events) {
    const size = JSON.stringify(event.data).length;
    if (size > room || messages.at(-1)?.length === MOST_EVENTS) {
      messages.push([]);
      room = MOST_CHARACTERS;
    }
    messages.at(-1)!.push(event);
    room -= size;
  }
  return messages;
};

/**
 * The states of a job that is not done, in the order in which it goes through them. Each is read by itself: read in another order, a job that moves
 * in between would be in none of them. One that failed goes back and waits for its next try, so that the first is read twice.
 */
const STATES_OF_A_JOB: JobType[][] = [["delayed"], ["prioritized"], ["waiting"], ["active"], ["delayed"]];

/** Jobs that were given up, kept for who asks why. */
const MOST_FAILED = 200;

const JOB_OPTIONS: JobsOptions = {
  attempts: 5,
  backoff: { type: "exponential", delay: 1_000 },
  removeOnComplete: true,
  removeOnFail: { count: MOST_FAILED },
};

/** An event that does not fit its schema will not fit at the next try either: it goes straight to the dead letters. */
const readOrRefuse = (data: unknown): AnyEvent => {
  try {
    return parseEvent(data);
  } catch (error) {
    throw error instanceof ZodError ? new UnrecoverableError(`The event does not fit its schema: ${error.message}`) : error;
  }
};
