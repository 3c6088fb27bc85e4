import { Kind, OperationTypeNode, parse, print, visit, type OperationDefinitionNode } from "graphql";
import { send, type Asked, type PlannedFetch, type Run, type SubgraphAnswer } from "./run.js";

/** The guest's name for its entities, and what its variables begin with. */
const GUEST = "guest";

/** Two fetches of entities as one operation: the host's as it was, the guest's beside it. Undefined when they cannot be one. */
export const shareFetch = (host: PlannedFetch, guest: PlannedFetch): PlannedFetch | undefined => {
  if (host.subgraph !== guest.subgraph) return undefined;
  const [hosting, visiting] = [onlyOperation(host.query), onlyOperation(guest.query)];
  if (!hosting || !visiting || host.query.includes(`$${GUEST}_`)) return undefined;
  const renamed = visit(visiting, {
    Variable: (node) => ({ ...node, name: { ...node.name, value: `${GUEST}_${node.name.value}` } }),
  });
  const operation: OperationDefinitionNode = {
    ...hosting,
    variableDefinitions: [...(hosting.variableDefinitions ?? []), ...(renamed.variableDefinitions ?? [])],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: [
        ...hosting.selectionSet.selections,
        ...renamed.selectionSet.selections.map((field) => ({ ...field, alias: { kind: Kind.NAME as const, value: GUEST } })),
      ],
    },
  };
  return { ...host, query: print(operation) };
};

/** The operation of a document that holds one query of `_entities`, and nothing else. */
const onlyOperation = (query: string): OperationDefinitionNode | undefined => {
  const [operation, ...more] = parse(query, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || operation.operation !== OperationTypeNode.QUERY || more.length > 0) return undefined;
  const [field, ...others] = operation.selectionSet.selections;
  const isEntities = field?.kind === Kind.FIELD && field.name.value === "_entities" && !field.alias && others.length === 0;
  return isEntities ? operation : undefined;
};

/**
 * Where two branches of one run may meet. The guest has nothing else to do afterwards and waits for the host, for whom the run waits
 * anyway; the host never waits: it takes along whoever is there. Each gets its own part of the answer and its own errors.
 */
export class Ride {
  #waiting: { asked: Asked; taken: (along: boolean) => void } | undefined;
  #hasLeft = false;

  constructor(
    private readonly planned: PlannedFetch,
    private readonly run: Run,
  ) {}

  async guest(asked: Asked | undefined): Promise<void> {
    if (!asked) return;
    const along = this.#hasLeft ? false : await new Promise<boolean>((taken) => (this.#waiting = { asked, taken }));
    if (!along) await send(asked, this.run);
  }

  async host(asked: Asked | undefined): Promise<void> {
    this.#hasLeft = true;
    this.#waiting?.taken(asked !== undefined);
    if (!asked) return;
    await (this.#waiting ? this.#sendBoth(asked, this.#waiting.asked) : send(asked, this.run));
  }

  async #sendBoth(host: Asked, guest: Asked): Promise<void> {
    const answered = this.run.fetch(this.planned, { ...host.variables, ...renamed(guest.variables) });
    const answer = await answered.catch(() => undefined);
    // nothing at all: the fault of one must not be the other's
    if (answer && !answer.data) return void (await Promise.all([send(host, this.run), send(guest, this.run)]));
    const of = (part: (answer: SubgraphAnswer) => SubgraphAnswer) => () => answered.then(part);
    await Promise.all([send(host, { ...this.run, fetch: of(hostPart) }), send(guest, { ...this.run, fetch: of(guestPart) })]);
  }
}

const renamed = (variables: Asked["variables"]): Asked["variables"] =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [`${GUEST}_${name}`, value]));

const hostPart = ({ data, errors = [] }: SubgraphAnswer): SubgraphAnswer => ({
  data: data ?? null,
  errors: errors.filter(({ path }) => path?.[0] !== GUEST),
});

const guestPart = ({ data, errors = [] }: SubgraphAnswer): SubgraphAnswer => ({
  data: { _entities: data?.[GUEST] },
  errors: errors.flatMap((error) => {
    if (!error.path) return [error];
    return error.path[0] === GUEST ? [{ ...error, path: ["_entities", ...error.path.slice(1)] }] : [];
  }),
});
