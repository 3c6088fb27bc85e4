import type { DocumentNode, GraphQLError, OperationDefinitionNode } from "graphql";
import type { GatewayContext } from "../context.js";
import type { Conclude, Concerning, Result } from "../operation/conclude.js";
import type { Guard } from "../operation/guard.js";
import { treeCache } from "../operation/treeCache.js";
import { asGraphQLError, type Compiled } from "./compiledGateway.js";
import { isObject, type Data } from "./data.js";

/** An operation that Apollo Server has parsed, validated and resolved, and whose execution is compiled. */
export interface KnownOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  run: Compiled;
}

/** An answer as the client gets it, and the HTTP status that Apollo Server would give it. */
export interface KnownAnswer {
  status: number;
  result: Result;
}

export interface KnownOperationsOptions {
  guard: Guard;
  conclude: Conclude;
}

/**
 * Operations asked before, answered without Apollo Server's pipeline, which costs more than their execution. Only what depends on the
 * document alone is left out (parsing, validation, planning); the guard, the variables, the errors and the figures are those of any operation.
 */
export class KnownOperations {
  readonly #known = treeCache<KnownOperation>();

  constructor(private readonly options: KnownOperationsOptions) {}

  learn(query: string, operationName: string | undefined, operation: KnownOperation): void {
    this.#known.set(keyOf(query, operationName), operation);
  }

  /** The operation that this text and name stand for; undefined leaves it to Apollo Server. */
  find(query: string, operationName: string | undefined): KnownOperation | undefined {
    return this.#known.get(keyOf(query, operationName));
  }

  /** Guards, executes and concludes. Never throws. */
  async answer(known: KnownOperation, variables: Data, context: GatewayContext, transport: Concerning["transport"]): Promise<KnownAnswer> {
    const started = performance.now();
    const { data, errors, extensions, failure } = await this.#execute(known, variables, context);
    const result: Result = { ...(data === undefined ? {} : { data }), ...(extensions === undefined ? {} : { extensions }) };
    this.options.conclude(result, errors, { transport, started, requestId: context.requestId });
    return { status: statusAmong(errors) ?? (errors.length > 0 && data === undefined ? failure : 200), result };
  }

  async #execute({ document, operation, run }: KnownOperation, variables: Data, context: GatewayContext): Promise<Executed> {
    try {
      await this.options.guard({ document, operation, variables }, context);
      const { data, errors = [], extensions } = await run(variables, context);
      return { data, errors, extensions, failure: 400 };
    } catch (error) {
      return { data: undefined, errors: [asGraphQLError(error)], extensions: undefined, failure: 500 };
    }
  }
}

interface Executed {
  data: Data | null | undefined;
  errors: readonly GraphQLError[];
  extensions: Data | undefined;
  /** The status when there is no data: without a fault of ours, the variables did not fit. */
  failure: 400 | 500;
}

/** No two requests share a key: the name's length comes first, and nothing when there is no name. */
const keyOf = (query: string, operationName: string | undefined): string =>
  operationName === undefined ? `:${query}` : `${operationName.length}:${operationName}${query}`;

/** The last HTTP status that an error carries, as Apollo Server reads it. */
const statusAmong = (errors: readonly GraphQLError[]): number | undefined =>
  errors
    .map(({ extensions: { http } }) => (isObject(http) && !("headers" in http) && typeof http["status"] === "number" ? http["status"] : 0))
    .findLast((status) => status !== 0);
