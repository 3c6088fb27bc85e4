import { GraphQLError, type ExecutionResult } from "graphql";
import type { ExecutedResult, Feed, Page, ReadableError } from "./feed.js";

export interface FollowOptions {
  feed: Feed;
  /** The cursor of the last push that the client saw; without it, pushes from now on. */
  after: string | undefined;
  beginning: string;
  page: (after: string) => Promise<Page>;
  /** The newest push alone, or none. */
  newest: () => Promise<Page>;
  /** Aborted by `stop`. */
  signal: AbortSignal;
  /** Gives back what the subscription holds; called at every end of it, perhaps more than once. */
  stop: () => void;
}

/**
 * A subscriber's pushes, each once and in order: the feed listens already, what is behind the cursor is replayed, then every wake-up asks
 * since the last cursor that was taken. It is pulled: while a slow client has not taken a push nothing more is asked, so its queue is one
 * page at the most, and it resumes by its cursor. Trouble that passes is waited for, once there is a cursor; before that it ends the
 * subscription with SERVICE_UNAVAILABLE.
 */
export const follow = (options: FollowOptions): AsyncGenerator<ExecutionResult, void, undefined> => {
  const { stop } = options;
  const pushes = untilEnd(options);
  const generator: AsyncGenerator<ExecutionResult, void, undefined> = {
    next: () => pushes.next(),
    // the inner generator may be waiting for a wake-up: stop it first, or its return would wait as well
    return: (value) => {
      stop();
      return pushes.return(value);
    },
    throw: (error) => {
      stop();
      return pushes.throw(error);
    },
    [Symbol.asyncIterator]: () => generator,
    [Symbol.asyncDispose]: async () => void (await generator.return()),
  };
  return generator;
};

/** Stops when the pushes end by themselves or fail, too: who iterates calls neither `return` nor `throw` then. */
async function* untilEnd(options: FollowOptions): AsyncGenerator<ExecutionResult, void, undefined> {
  try {
    yield* pulled(options);
  } finally {
    options.stop();
  }
}

async function* pulled({ feed, after, beginning, page, newest, signal }: FollowOptions): AsyncGenerator<ExecutionResult, void, undefined> {
  let cursor = after;
  while (!signal.aborted) {
    const seen = feed.wakes;
    const since = cursor;
    const answer = await (since === undefined ? feed.ask("newest", newest) : feed.ask(`after ${since}`, () => page(since)));
    if (signal.aborted) return;
    if (answer.kind === "refused") {
      yield asExecutionResult({ data: null, errors: answer.errors });
      return;
    }
    if (answer.kind === "unavailable" && since === undefined) {
      yield asExecutionResult({ data: null, errors: [NO_BEGINNING] });
      return;
    }
    if (answer.kind === "unavailable") {
      await feed.changed(seen, signal);
      continue;
    }
    if (since === undefined) {
      cursor = answer.pushes.at(-1)?.cursor ?? beginning;
      await feed.changed(seen, signal);
      continue;
    }
    for (const push of answer.pushes) {
      yield asExecutionResult(push.result);
      cursor = push.cursor;
    }
    if (!answer.full) await feed.changed(seen, signal);
  }
}

/** To wait would lose what is pushed meanwhile: without a cursor there is nothing to go on from. */
const NO_BEGINNING: ReadableError = {
  message: "The subscription cannot begin right now: subscribe again in a moment, or give the cursor to go on from in after",
  extensions: { code: "SERVICE_UNAVAILABLE" },
};

/** A result with its errors as graphql-ws takes them. */
export const asExecutionResult = ({ data, errors }: ExecutedResult): ExecutionResult => ({
  ...(data === undefined ? {} : { data }),
  ...(errors
    ? {
        errors: errors.map(
          ({ message, path, extensions }) =>
            new GraphQLError(message, { ...(path ? { path } : {}), ...(extensions ? { extensions } : {}) }),
        ),
      }
    : {}),
});
