import type { GatewayExecutor } from "@apollo/server-gateway-interface";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { Kind, execute, parse, print, visit, type GraphQLSchema, type OperationDefinitionNode } from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { composeSupergraph } from "../compose/composeSupergraph.js";
import { withoutSecurityDemand } from "../access/securityLinks.js";
import { apiSchemaOf } from "../supergraph.js";
import { resolversOf } from "../testing/cafe.js";
import { CAFE_SCHEMAS } from "../testing/cafeSchemas.js";
import { CompiledGateway } from "./compiledGateway.js";
import type { PlannedFetch, SubgraphAnswer } from "./run.js";
import type { Data } from "./data.js";

/** Operations that the compiler takes, of every shape that it knows. */
const COMPILED = [
  "query($id: ID!) { customer(id: $id) { displayName segment { name } recommendedItems(first: 2) { score because item { name price { amount } personalPrice(customerId: $id) { amount depth } } } offer { depth item { name } } } }",
  "query($id: ID!) { a: customer(id: $id) { id friends { id segment { name } friends { displayName offer { id } } } } b: customer(id: $id) { promised } }",
  "query($id: ID!) { customer(id: $id) { ...A ...B } } fragment A on Customer { name: displayName purchases(first: 2) { ...C lines { item { name } } } } fragment B on Customer { id purchases(first: 2) { id } ... on Customer { segment { name } } } fragment C on Purchase { id lines { item { price { currency } personalPrice { depth } } } }",
  '{ menu { __typename what: name price { amount currency } } popular { score item { __typename name personalPrice { amount } } } offer(id: "1") { customer { displayName recommendedItems { item { id name } } } item { price { amount } } } }',
  '{ customers(first: 3) { edges { cursor node { id displayName offer { item { name } } recommendedItems { score item { id } } } } } item(id: "x") { name name supplier { name } } }',
  "query($id: ID!, $n: Int = 1) { customer(id: $id) { few: recommendedItems(first: $n) { score } many: recommendedItems(first: 2) { item { name } } } }",
];
/** Operations that stay with Apollo Gateway. */
const LEFT = [
  "{ sellable { name } }",
  "{ anything { ... on Voucher { name } } }",
  "query($yes: Boolean = true) { menu { name @include(if: $yes) } }",
  'mutation { registerCustomer(email: "a") { id } }',
  "{ menu { __proto__: name } }",
];

let schemas: Record<string, GraphQLSchema>;
let gateway: CompiledGateway;
let executor: GatewayExecutor;
/** How subgraphs answer, and whether the compiled part asked them. */
const now = { seed: 0, compiled: false, shared: 0 };
beforeAll(async () => {
  const resolvers = resolversOf(new Map());
  schemas = Object.fromEntries(
    CAFE_SCHEMAS.map(({ name, sdl }) => [name, buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers[name] as never })]),
  );
  const { supergraphSdl } = composeSupergraph(CAFE_SCHEMAS);
  gateway = new CompiledGateway({
    supergraphSdl: withoutSecurityDemand(supergraphSdl),
    schema: apiSchemaOf(supergraphSdl),
    logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    buildService: ({ name }) => ({ process: ({ request }) => answerOf(name, request.query!, request.variables ?? {}, now.seed) }),
    fetch: (planned, variables) => {
      now.compiled = true;
      return answerParts(planned, variables, now.seed);
    },
  });
  executor = (await gateway.load({ apollo: {} })).executor!;
});
afterAll(() => gateway?.stop());

/** Numbers from 0 to 1 that follow from a text. */
const numbersOf = (text: string): (() => number) => {
  let round = 0;
  return () =>
    createHash("sha256")
      .update(`${text} ${(round += 1)}`)
      .digest()
      .readUInt32BE() /
    2 ** 32;
};

/** Answers a fetch that two fetches share as the two would be answered; nothing when one of them gets nothing, so that each is sent alone. */
const answerParts = async ({ subgraph, query }: PlannedFetch, variables: Data, seed: number): Promise<SubgraphAnswer> => {
  const operation = parse(query, { noLocation: true }).definitions[0] as OperationDefinitionNode;
  if (!query.includes("guest: _entities")) return answerOf(subgraph, query, variables, seed);
  now.shared += 1;
  const parts = [partOf(operation, variables, false), partOf(operation, variables, true)];
  const answers = await Promise.allSettled(parts.map((part) => answerOf(subgraph, part.query, part.variables, seed)));
  const [host, guest] = answers.map((answer) => (answer.status === "fulfilled" ? answer.value : {}));
  if (!host?.data || !guest?.data) return { data: null };
  const errors = guest.errors?.map(({ path, ...rest }) => ({ ...rest, ...(path ? { path: ["guest", ...path.slice(1)] } : {}) }));
  return { data: { ...host.data, guest: guest.data["_entities"] }, errors: [...(host.errors ?? []), ...(errors ?? [])] };
};

const partOf = (operation: OperationDefinitionNode, variables: Data, isGuest: boolean): { query: string; variables: Data } => {
  const isMine = (name: string): boolean => name.startsWith("guest_") === isGuest;
  const own = (name: string): string => name.replace(/^guest_/, "");
  const { selections } = operation.selectionSet;
  const part: OperationDefinitionNode = {
    ...operation,
    variableDefinitions: operation.variableDefinitions!.filter(({ variable }) => isMine(variable.name.value)),
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: selections.flatMap((node) => {
        if (node.kind !== Kind.FIELD || (node.alias !== undefined) !== isGuest) return [];
        const { alias: _alias, ...field } = node;
        return [field];
      }),
    },
  };
  const query = print(visit(part, { Variable: (node) => ({ ...node, name: { ...node.name, value: own(node.name.value) } }) }));
  return {
    query,
    variables: Object.fromEntries(Object.entries(variables).flatMap(([name, value]) => (isMine(name) ? [[own(name), value]] : []))),
  };
};

/** A subgraph's true answer, spoilt in ways that follow from the seed: values gone, null or of a wrong kind, errors, no answer at all. */
const answerOf = async (subgraph: string, query: string, variables: object, seed: number): Promise<SubgraphAnswer> => {
  const next = numbersOf(`${seed} ${subgraph} ${print(parse(query))} ${JSON.stringify(variables)}`);
  if (seed > 0 && next() < 0.05) throw new Error(`${subgraph} is gone`);
  const answer = await execute({
    schema: schemas[subgraph]!,
    document: parse(query),
    variableValues: variables as Data,
    contextValue: { identity: { tenantId: "t", role: "staff", scopes: [] } },
  });
  const { data, errors } = JSON.parse(JSON.stringify(answer)) as SubgraphAnswer;
  return {
    ...(data === undefined ? {} : { data: seed > 0 ? (spoil(data, next) as Data) : data }),
    ...(errors ? { errors: errors.map(({ message, path }) => ({ message, ...(path ? { path } : {}) })) } : {}),
  };
};

const spoil = (value: unknown, next: () => number): unknown => {
  const luck = next();
  if (luck < 0.03) return null;
  if (luck < 0.04) return 7;
  if (luck < 0.05) return "spoilt";
  if (Array.isArray(value)) return value.map((element: unknown) => spoil(element, next));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (next() < 0.02 ? [] : [[key, key === "__typename" ? inner : spoil(inner, next)]])),
  );
};

interface Ran {
  compiled: boolean;
  outcome: unknown;
}

/** Runs an operation twice in a document of its own: first Apollo Gateway executes it, then what was compiled. */
const runTwice = async (query: string, seed: number): Promise<Ran[]> => {
  now.seed = seed;
  const document = parse(query);
  const request = {
    request: { query, variables: { id: "anna" } },
    document,
    operation: document.definitions[0] as OperationDefinitionNode,
    queryHash: query,
    context: {},
    metrics: {},
    logger: undefined,
  };
  const runs: Ran[] = [];
  for (let run = 0; run < 2; run += 1) {
    now.compiled = false;
    const outcome = await executor(request as never).then(comparable, () => "threw");
    runs.push({ compiled: now.compiled, outcome });
  }
  return runs;
};

const comparable = ({
  data,
  errors = [],
  extensions,
}: {
  data?: unknown;
  errors?: readonly { message: string; path?: unknown; extensions?: Data }[];
  extensions?: Data;
}) => ({
  data: JSON.stringify(data),
  // without a subgraph's name it is a fault that no client reads: it is masked
  errors: errors
    .map(({ message, path, extensions: own }) =>
      JSON.stringify(own?.["serviceName"] ? [message, path, own["serviceName"]] : "a fault of ours"),
    )
    .sort(),
  violations: Array.isArray(extensions?.["valueCompletion"]) ? extensions["valueCompletion"].length : 0,
});

test.each(COMPILED)("what is compiled answers as Apollo Gateway does: %s", async (query) => {
  const [apollo, compiled] = await runTwice(query, 0);
  expect(compiled!.compiled).toBe(true);
  expect(apollo!.compiled).toBe(false);
  expect(compiled!.outcome).toEqual(apollo!.outcome);
});

test("it answers as Apollo Gateway does also when subgraphs answer nulls, nonsense, too little, errors or nothing", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...COMPILED), fc.integer({ min: 1 }), async (query, seed) => {
      const [apollo, compiled] = await runTwice(query, seed);
      expect(compiled!.compiled || JSON.stringify(compiled!.outcome).includes("fault")).toBe(true);
      expect(compiled!.outcome).toEqual(apollo!.outcome);
    }),
    { numRuns: 400 },
  );
  expect(now.shared).toBeGreaterThan(0);
});

test.each(LEFT)("what the compiler does not know stays with Apollo Gateway: %s", async (query) => {
  const [apollo, again] = await runTwice(query, 0);
  expect(again).toEqual({ compiled: false, outcome: apollo!.outcome });
});
