import type { FetchNode, PlanNode, QueryPlan } from "@apollo/query-planner";
import { GraphQLError, type GraphQLSchema } from "graphql";
import { compileRepresentation } from "./compileRepresentation.js";
import { isObject, mergeInto, pathsAt, valuesAt, type Data } from "./data.js";
import { send, type Asked, type PlannedFetch, type Run, type SubgraphAnswer } from "./run.js";
import { Ride, shareFetch } from "./shareFetch.js";
import { Unsupported } from "./unsupported.js";

interface Cursor {
  path: readonly (string | number)[];
  data: unknown;
}
type Step = (cursor: Cursor, run: Run) => Promise<void>;
/** A fetch for what stands at the cursor; undefined when nothing is to be asked. */
type Ask = (cursor: Cursor, run: Run) => Asked | undefined;

/** Compiles a plan of @apollo/query-planner into a function that fills `run.joined`. Throws Unsupported for rewrites, conditions and @defer. */
export const compilePlan = (schema: GraphQLSchema, { node }: QueryPlan): ((run: Run) => Promise<void>) => {
  if (!node || node.kind === "Subscription") throw new Unsupported("a plan without a node, or of a subscription");
  const step = stepOf(schema, node);
  return (run) => step({ path: [], data: run.joined }, run);
};

const stepOf = (schema: GraphQLSchema, node: PlanNode): Step => {
  if (node.kind === "Sequence") return inSequence(schema, node.nodes);
  if (node.kind === "Parallel") {
    const shared = sharedOf(schema, node.nodes);
    if (shared) return shared;
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

/** Branches of which one ends with a fetch that another can take along (see Ride), run so; undefined when there are none. */
const sharedOf = (schema: GraphQLSchema, nodes: readonly PlanNode[]): Step | undefined => {
  const branches = nodes.map((node) => (node.kind === "Sequence" ? node.nodes : [node]));
  for (const guest of branches) {
    for (const host of branches) {
      const shared = guest === host ? undefined : rideOf(schema, guest, host);
      if (!shared) continue;
      const others = branches.filter((branch) => branch !== guest && branch !== host).map((branch) => inSequence(schema, branch));
      return async (cursor, run) => void (await Promise.all([shared(cursor, run), ...others.map((step) => step(cursor, run))]));
    }
  }
  return undefined;
};

/** Two branches at once, whose fetches at the depth where the guest ends become one when they meet. */
const rideOf = (schema: GraphQLSchema, guest: readonly PlanNode[], host: readonly PlanNode[]): Step | undefined => {
  const stage = guest.length - 1;
  const [ofGuest, ofHost] = [entitiesAt(guest[stage]), entitiesAt(host[stage])];
  if (!ofGuest || !ofHost) return undefined;
  const planned = shareFetch(plannedOf(ofHost.node), plannedOf(ofGuest.node));
  if (!planned) return undefined;
  const [askGuest, askHost] = [askAt(schema, ofGuest), askAt(schema, ofHost)];
  const [beforeGuest, beforeHost] = [inSequence(schema, guest.slice(0, stage)), inSequence(schema, host.slice(0, stage))];
  const afterHost = inSequence(schema, host.slice(stage + 1));
  return async (cursor, run) => {
    const ride = new Ride(planned, run);
    await Promise.all([
      beforeGuest(cursor, run).then(() => ride.guest(askGuest(cursor, run))),
      beforeHost(cursor, run)
        .then(() => ride.host(askHost(cursor, run)))
        .then(() => afterHost(cursor, run)),
    ]);
  };
};

const inSequence = (schema: GraphQLSchema, nodes: readonly PlanNode[]): Step => {
  const steps = nodes.map((each) => stepOf(schema, each));
  return async (cursor, run) => {
    for (const step of steps) await step(cursor, run);
  };
};

interface EntitiesAt {
  path: readonly (string | number)[];
  node: FetchNode;
  requires: NonNullable<FetchNode["requires"]>;
}

/** A fetch of entities below a path. */
const entitiesAt = (node: PlanNode | undefined): EntitiesAt | undefined =>
  node?.kind === "Flatten" && node.node.kind === "Fetch" && node.node.requires
    ? { path: node.path, node: node.node, requires: node.node.requires }
    : undefined;

const askAt = (schema: GraphQLSchema, { path, node, requires }: EntitiesAt): Ask => {
  const ask = entitiesOf(schema, node, requires);
  return (cursor, run) => {
    const data = valuesAt(cursor.data, path);
    return data ? prepared(ask, { path: [...cursor.path, ...path], data }, run) : undefined;
  };
};

const fetchOf = (schema: GraphQLSchema, node: FetchNode): Step => {
  const ask = node.requires ? entitiesOf(schema, node, node.requires) : rootOf(node);
  return async (cursor, run) => {
    const asked = prepared(ask, cursor, run);
    if (asked) await send(asked, run);
  };
};

/** What an entity cannot be asked with is an error of the run, as an answer would be. */
const prepared = (ask: Ask, cursor: Cursor, run: Run): Asked | undefined => {
  try {
    return ask(cursor, run);
  } catch (error) {
    run.errors.push(error);
    return undefined;
  }
};

const plannedOf = (node: FetchNode): PlannedFetch => {
  if (node.inputRewrites?.length || node.outputRewrites?.length || node.contextRewrites?.length) throw new Unsupported("rewrites");
  return { subgraph: node.serviceName, query: node.operation, operationName: node.operationName };
};

/** Fields of a root type, merged into what is there. */
const rootOf = (node: FetchNode): Ask => {
  const planned = plannedOf(node);
  return (cursor, run) => {
    const entities = entitiesIn(cursor.data);
    if (entities.length === 0) return undefined;
    const take = (answer: SubgraphAnswer): void => {
      noteErrors(answer, node, cursor, run);
      if (answer.data) for (const entity of entities) mergeInto(entity, answer.data);
    };
    return { planned, variables: usedVariables(node, run.variables), take };
  };
};

/** Fields of entities that are there already: each is represented, and what comes back is merged into it. */
const entitiesOf = (schema: GraphQLSchema, node: FetchNode, requires: NonNullable<FetchNode["requires"]>): Ask => {
  const planned = plannedOf(node);
  if (node.variableUsages?.includes("representations")) throw new Unsupported("a variable named representations");
  const represent = compileRepresentation(schema, requires);
  return (cursor, run) => {
    const represented: { entity: Data; representation: Data }[] = [];
    for (const entity of entitiesIn(cursor.data)) {
      const representation = represent(entity);
      if (representation?.["__typename"]) represented.push({ entity, representation });
    }
    if (represented.length === 0) return undefined;
    const take = (answer: SubgraphAnswer): void => {
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
    const representations = represented.map(({ representation }) => representation);
    return { planned, variables: { ...usedVariables(node, run.variables), representations }, take };
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
