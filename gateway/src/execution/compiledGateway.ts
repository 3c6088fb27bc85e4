import { ApolloGateway, type GatewayConfig } from "@apollo/gateway";
import type { QueryPlan } from "@apollo/query-planner";
import type { GatewayExecutionResult, GatewayExecutor, GatewayInterface, GatewayLoadResult } from "@apollo/server-gateway-interface";
import {
  GraphQLError,
  OperationTypeNode,
  getVariableValues,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import type { GatewayContext } from "../context.js";
import { compilePlan } from "./compilePlan.js";
import type { PlannedFetch, SubgraphAnswer } from "./run.js";
import { compileShape, type Shaped } from "./compileShape.js";
import type { Data } from "./data.js";
import { Unsupported } from "./unsupported.js";

export interface CompiledGatewayOptions extends Required<Pick<GatewayConfig, "buildService" | "logger">> {
  /** A supergraph that Apollo Gateway starts on. */
  supergraphSdl: string;
  /** What clients see of it. */
  schema: GraphQLSchema;
  /** Asks a subgraph, as the service of `buildService` would. */
  fetch: (planned: PlannedFetch, variables: Data, context: GatewayContext) => Promise<SubgraphAnswer>;
}

/** Executes one operation. Variables that do not fit are errors with the code BAD_USER_INPUT, and no data. */
export type Compiled = (variables: Data, context: GatewayContext) => Promise<GatewayExecutionResult>;

/**
 * Apollo Gateway with compiled execution. It plans each operation and executes it the first time; its plan is then compiled, and the
 * operation's later runs build no operation and interpret no plan (half of the processor time of a visit). What the compiler does not
 * know (mutations, abstract types, directives, introspection) stays with Apollo Gateway's own executor, for good.
 */
export class CompiledGateway implements GatewayInterface {
  readonly #apollo: ApolloGateway;
  /** null: left to Apollo Gateway. Kept for as long as Apollo Server keeps the parsed document. */
  readonly #compiled = new WeakMap<OperationDefinitionNode, Compiled | null>();

  constructor(private readonly options: CompiledGatewayOptions) {
    const { supergraphSdl, buildService, logger } = options;
    this.#apollo = new ApolloGateway({
      supergraphSdl,
      buildService,
      logger,
      experimental_didResolveQueryPlan: ({ queryPlan, operationContext: { operation, fragments } }) =>
        this.#compile(queryPlan, operation, fragments),
    });
  }

  async load(options: Parameters<ApolloGateway["load"]>[0]): Promise<GatewayLoadResult> {
    const { executor } = await this.#apollo.load(options);
    return { executor: this.#executor(executor) };
  }

  onSchemaLoadOrUpdate: GatewayInterface["onSchemaLoadOrUpdate"] = (callback) => this.#apollo.onSchemaLoadOrUpdate(callback);

  stop(): Promise<void> {
    return this.#apollo.stop();
  }

  /** How an operation is executed that ran before; undefined when it did not, or is left to Apollo Gateway. */
  compiled(operation: OperationDefinitionNode): Compiled | undefined {
    return this.#compiled.get(operation) ?? undefined;
  }

  #executor(planning: GatewayExecutor): GatewayExecutor {
    return (request) => {
      const run = this.#compiled.get(request.operation);
      return run ? run(request.request.variables ?? {}, request.context as GatewayContext) : planning(request);
    };
  }

  #compile(plan: QueryPlan, operation: OperationDefinitionNode, fragments: Record<string, FragmentDefinitionNode>): void {
    if (!this.#compiled.has(operation)) this.#compiled.set(operation, this.#compiledOrNull(plan, operation, fragments));
  }

  #compiledOrNull(plan: QueryPlan, operation: OperationDefinitionNode, fragments: Record<string, FragmentDefinitionNode>): Compiled | null {
    const { schema, fetch } = this.options;
    try {
      if (operation.operation !== OperationTypeNode.QUERY) throw new Unsupported(`a ${operation.operation}`);
      const [join, shape] = [compilePlan(schema, plan), compileShape({ schema, fragments }, operation)];
      const definitions = operation.variableDefinitions ?? [];
      return async (variables, context) => {
        const wrong = getVariableValues(schema, definitions, variables).errors;
        if (wrong) return { errors: wrong.map(asUserInput) };
        const joined: Data = {};
        const errors: unknown[] = [];
        await join({ variables, joined, errors, fetch: (planned, used) => fetch(planned, used, context) });
        return answerOf(shape, joined, errors);
      };
    } catch (error) {
      if (!(error instanceof Unsupported)) this.options.logger.warn(`an operation could not be compiled: ${String(error)}`);
      return null;
    }
  }
}

/** The answer; a value that cannot be shaped at all (no list where the schema has one) fails the whole, as with Apollo Gateway. */
const answerOf = (shape: (joined: Data) => Shaped, joined: Data, errors: unknown[]): GatewayExecutionResult => {
  try {
    const { data, violations } = shape(joined);
    if (errors.length > 0) return { data, errors: errors.map(asGraphQLError) };
    return violations.length > 0 ? { data, extensions: { valueCompletion: violations } } : { data };
  } catch (error) {
    return { errors: [asGraphQLError(error)] };
  }
};

/** An error of a variable, as Apollo Server names it. */
const asUserInput = (error: GraphQLError): GraphQLError => {
  const { message, nodes, extensions, originalError = error } = error;
  return extensions["code"]
    ? error
    : new GraphQLError(message, { ...(nodes ? { nodes } : {}), originalError, extensions: { ...extensions, code: "BAD_USER_INPUT" } });
};

/** Anything thrown; the message is not for clients, who get a reference. */
export const asGraphQLError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError("failed", { originalError: error instanceof Error ? error : new Error(String(error)) });
