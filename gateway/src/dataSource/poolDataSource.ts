import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from "@apollo/gateway";
import { IDENTITY_HEADER, INTERNAL_KEY_HEADER, REQUEST_ID_HEADER } from "@kava/contracts/identity";
import type { Logger } from "@kava/platform/telemetry/logger";
import type { Histogram } from "@kava/platform/telemetry/metrics";
import { GraphQLError } from "graphql";
import { LRUCache } from "lru-cache";
import { Pool } from "undici";
import type { GatewayContext } from "../context.js";
import type { PlannedFetch, SubgraphAnswer } from "../execution/run.js";
import { Breaker } from "./breaker.js";
import { post, type PostedAnswer } from "./post.js";

export interface PoolDataSourceOptions {
  /** The subgraph's name, as a client is told when it does not answer. */
  name: string;
  url: string;
  internalKey: string;
  timeoutMs: number;
  logger: Logger;
  seconds: Histogram<"subgraph">;
}

const CONNECTIONS = 32;
/** Requests under way, those that wait for a connection included; more are refused at once instead of answered too late. */
const MOST_UNDER_WAY = 1_000;
const REMEMBERED_TEXTS = 5_000;
/** All remembered texts together: they hold what clients wrote into their queries, at any length. */
const REMEMBERED_CHARACTERS = 2_000_000;
const CONNECT_TIMEOUT_MS = 1_000;

/** Errors of a connection that was lost: the request may not have arrived. */
const CONNECTION_LOST: ReadonlySet<unknown> = new Set(["UND_ERR_SOCKET", "ECONNRESET", "ECONNREFUSED", "EPIPE", "UND_ERR_CONNECT_TIMEOUT"]);

/**
 * A subgraph behind an undici pool. Every fetch carries the viewer, the request's id, language and trace; it ends within the timeout, and
 * a query (never a mutation) is sent once more when its connection is lost. A subgraph that does not answer is a SERVICE_UNAVAILABLE.
 */
export class PoolDataSource implements GraphQLDataSource<GatewayContext> {
  readonly #pool: Pool;
  readonly #path: string;
  readonly #breaker = new Breaker();
  readonly #seconds: ReturnType<Histogram<"subgraph">["labels"]>;
  readonly #bodyStarts = new LRUCache<string, string>({
    max: REMEMBERED_TEXTS,
    maxSize: REMEMBERED_CHARACTERS,
    sizeCalculation: (start, query) => start.length + query.length,
  });
  #underWay = 0;

  constructor(private readonly options: PoolDataSourceOptions) {
    const { origin, pathname } = new URL(options.url);
    this.#path = pathname;
    this.#seconds = options.seconds.labels({ subgraph: options.name });
    this.#pool = new Pool(origin, {
      connections: CONNECTIONS,
      pipelining: 1,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  process(options: GraphQLDataSourceProcessOptions<GatewayContext>): Promise<SubgraphAnswer> {
    // the other kinds load schemas and check health in ways that this gateway does not use
    if (!("incomingRequestContext" in options)) throw new Error(`${this.options.name} is asked for operations only`);
    const { request, context } = options;
    return this.fetch({ query: request.query ?? "", operationName: request.operationName }, request.variables ?? {}, context);
  }

  /** Asks one operation. Throws a GraphQLError with the code SERVICE_UNAVAILABLE when no answer comes. */
  async fetch(
    operation: Pick<PlannedFetch, "query" | "operationName">,
    variables: object,
    context: GatewayContext,
  ): Promise<SubgraphAnswer> {
    const isMutation = operation.query.startsWith("mutation");
    const body = `${this.#bodyStart(operation)}${JSON.stringify(variables)}}`;
    const started = performance.now();
    if (!this.#breaker.allows(started) || this.#underWay >= MOST_UNDER_WAY) throw this.#unavailable(context, "it did not answer lately");
    this.#underWay += 1;
    try {
      const { status, text } = await this.#send(body, context).catch((error: unknown) => {
        if (isMutation || !wasConnectionLost(error)) throw error;
        return this.#send(body, context);
      });
      const answer = readAnswer(status, text);
      this.#breaker.succeeded();
      this.#seconds.observe((performance.now() - started) / 1000);
      return answer;
    } catch (error) {
      this.#breaker.failed(performance.now());
      throw this.#unavailable(context, error);
    } finally {
      this.#underWay -= 1;
    }
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  /** A request's body up to its variables: plans send the same few texts again and again. */
  #bodyStart({ query, operationName }: Pick<PlannedFetch, "query" | "operationName">): string {
    const known = this.#bodyStarts.get(query);
    if (known !== undefined) return known;
    const start = `{"query":${JSON.stringify(query)},${operationName === undefined ? "" : `"operationName":${JSON.stringify(operationName)},`}"variables":`;
    this.#bodyStarts.set(query, start);
    return start;
  }

  #send(body: string, context: GatewayContext): Promise<PostedAnswer> {
    return post(this.#pool, { path: this.#path, headers: this.#headers(context), body, timeoutMs: this.options.timeoutMs });
  }

  #headers({ viewer, requestId, traceparent, acceptLanguage }: GatewayContext): string[] {
    const headers = [
      "content-type",
      "application/json",
      INTERNAL_KEY_HEADER,
      this.options.internalKey,
      IDENTITY_HEADER,
      viewer.header,
      REQUEST_ID_HEADER,
      requestId,
      "traceparent",
      traceparent,
    ];
    if (acceptLanguage !== undefined) headers.push("accept-language", acceptLanguage);
    return headers;
  }

  #unavailable({ requestId }: GatewayContext, cause: unknown): GraphQLError {
    this.options.logger.warn({ err: cause, subgraph: this.options.name, requestId }, "a subgraph did not answer");
    return new GraphQLError(`${this.options.name} is not available right now`, { extensions: { code: "SERVICE_UNAVAILABLE" } });
  }
}

const wasConnectionLost = (error: unknown): boolean => error instanceof Error && "code" in error && CONNECTION_LOST.has(error.code);

/** An answer of GraphQL, whatever its status; anything else is a fault of the subgraph. */
const readAnswer = (status: number, text: string): SubgraphAnswer => {
  const answer: unknown = status < 500 && status !== 401 ? JSON.parse(text) : undefined;
  if (typeof answer === "object" && answer !== null && ("data" in answer || "errors" in answer)) return answer as SubgraphAnswer;
  throw new Error(`Answered with status ${status} and no GraphQL: ${text.slice(0, 200)}`);
};
