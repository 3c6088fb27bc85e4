import type { FetchNode, PlanNode, QueryPlan } from "@apollo/query-planner";
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from "graphql";
import { compileRepresentation } from "./compileRepresentation.js";
import { isObject, mergeInto, pathsAt, valuesAt, type Data } from "./data.js";
import { Unsupported } from "./unsupported.js";

/** A subgraph's answer to one fetch. */
export interface SubgraphAnswer {
  data?: Data | null;
  errors?: readonly GraphQLFormattedError[];
}

/** One fetch of a plan, the same at every run. */
export interface PlannedFetch {
  subgraph: string;
  query: string;
  operationName: string | undefined;
}

/** One run of a plan: what it asks with, and what it has found. */
export interface Run {
  variables: Readonly<Data>;
  fetch: (planned: PlannedFetch, variables: Data) => Promise<SubgraphAnswer>;
  joined: Data;
  errors: unknown[];
}

interface Cursor {
  path: readonly (string | number)[];
  data: unknown;
}
type Step = (cursor: Cursor, run: Run) => Promise<void>;

/** Compiles a plan of @apollo/query-planner into a function that fills `run.joined`. Throws Unsupported for rewrites, conditions and @defer. */
export const compilePlan = (schema: GraphQLSchema, { node }: QueryPlan): ((run: Run) => Promise<void>) => {
  if (!node || node.kind === "Subscription") throw new Unsupported("a plan without a node, or of a subscription");
  const step = stepOf(schema, node);
  return (run) => step({ path: [], data: run.joined }, run);
};

const stepOf = (schema: GraphQLSchema, node: PlanNode): Step => {
  if (node.kind === "Sequence") {
    const steps = node.nodes.map((each) => stepOf(schema, each));
    return async (cursor, run) => {
      for (const step of steps) await step(cursor, run);
    };
  }
  if (node.kind === "Parallel") {
    const steps = node.nodes.map((each) => stepOf(schema, each));
    return async (cursor, run) => void (await Promise.all(steps.map((step) => step(cursor, run))));
  }
  if (node.kind === "Flatten") {
    const [step, path] = [stepOf(schema, node.node), node.path];
    return async (cursor, run) => {
      const data = valuesAt(cursor.data, path);
      if (data) await step({ path: [...cursor.path, ...path], data }, run);
    };
  }
  if (node.kind === "Fetch") return fetchOf(schema, node);
  throw new Unsupported(`a ${node.kind} node`);
};

const fetchOf = (schema: GraphQLSchema, node: FetchNode): Step => {
  if (node.inputRewrites?.length || node.outputRewrites?.length || node.contextRewrites?.length) throw new Unsupported("rewrites");
  const fetch = node.requires ? entitiesOf(schema, node, node.requires) : rootOf(node);
  return (cursor, run) => fetch(cursor, run).catch((error: unknown) => void run.errors.push(error));
};

const plannedOf = ({ serviceName, operation, operationName }: FetchNode): PlannedFetch => ({
  subgraph: serviceName,
  query: operation,
  operationName,
});

/** Fields of a root type, merged into what is there. */
const rootOf = (node: FetchNode): Step => {
  const planned = plannedOf(node);
  return async (cursor, run) => {
    const entities = entitiesIn(cursor.data);
    if (entities.length === 0) return;
    const answer = await run.fetch(planned, usedVariables(node, run.variables));
    noteErrors(answer, node, cursor, run);
    if (answer.data) for (const entity of entities) mergeInto(entity, answer.data);
  };
};

/** Fields of entities that are there already: each is represented, and what comes back is merged into it. */
const entitiesOf = (schema: GraphQLSchema, node: FetchNode, requires: NonNullable<FetchNode["requires"]>): Step => {
  const planned = plannedOf(node);
  const represent = compileRepresentation(schema, requires);
  return async (cursor, run) => {
    const represented: { entity: Data; representation: Data }[] = [];
    for (const entity of entitiesIn(cursor.data)) {
      const representation = represent(entity);
      if (representation?.["__typename"]) represented.push({ entity, representation });
    }
    if (represented.length === 0) return;
    const variables = usedVariables(node, run.variables);
    if ("representations" in variables) throw new Error('Variables cannot contain key "representations"');
    const answer = await run.fetch(planned, { ...variables, representations: represented.map(({ representation }) => representation) });
    noteErrors(answer, node, cursor, run);
    if (!answer.data) return;
    const found = answer.data["_entities"];
    if (!Array.isArray(found) || found.length !== represented.length)
      throw new Error(`Expected "data._entities" to hold ${represented.length} elements`);
    represented.forEach(({ entity }, index) => {
      const part: unknown = found[index];
      if (isObject(part)) mergeInto(entity, part);
      else if (part) throw new Error(`Expected "data._entities.${index}" to be an object`);
    });
  };
};

const entitiesIn = (data: unknown): Data[] => (Array.isArray(data) ? data.filter(isObject) : isObject(data) ? [data] : []);

const usedVariables = ({ variableUsages = [] }: FetchNode, given: Readonly<Data>): Data => {
  const used: Data = {};
  for (const name of variableUsages) if (given[name] !== undefined) used[name] = given[name];
  return used;
};

/** A subgraph's errors, with the path that their place has in the whole answer. */
const noteErrors = ({ errors }: SubgraphAnswer, { serviceName, requires }: FetchNode, cursor: Cursor, run: Run): void => {
  if (!errors?.length) return;
  const places = requires ? pathsAt(run.joined, cursor.path) : [];
  for (const { message, path, extensions } of errors) {
    const whole =
      path && (requires && typeof path[1] === "number" ? [...(places[path[1]] ?? []), ...path.slice(2)] : [...cursor.path, ...path]);
    run.errors.push(
      new GraphQLError(message, {
        ...(whole ? { path: whole } : {}),
        extensions: { code: "DOWNSTREAM_SERVICE_ERROR", ...extensions, serviceName },
      }),
    );
  }
};
