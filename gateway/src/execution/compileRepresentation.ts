import type { QueryPlanSelectionNode } from "@apollo/query-planner";
import { isObjectType, type GraphQLSchema } from "graphql";
import { mergeInto, type Data } from "./data.js";
import { Unsupported, plainKey } from "./unsupported.js";

/** Takes from an entity what another subgraph needs to know of it; null when a part is not there. */
export type Represent = (entity: Data) => Data | null;

/** Compiles a fetch's `requires`. Throws Unsupported for conditions on anything but object types. */
export const compileRepresentation = (schema: GraphQLSchema, selections: readonly QueryPlanSelectionNode[]): Represent => {
  const steps = selections.map((selection) => stepOf(schema, selection));
  return (entity) => {
    const representation: Data = {};
    for (const step of steps) if (!step(entity, representation)) return null;
    return representation;
  };
};

/** Adds its part to the representation; false when it is not there. */
type Step = (entity: Data, representation: Data) => boolean;

const stepOf = (schema: GraphQLSchema, selection: QueryPlanSelectionNode): Step => {
  if (selection.kind === "InlineFragment") return fragmentStep(schema, selection);
  const key = plainKey(selection.alias ?? selection.name);
  const inner = selection.selections ? compileRepresentation(schema, selection.selections) : undefined;
  const take = (value: unknown): unknown => (inner && value !== null ? inner(value as Data) : value);
  return (entity, representation) => {
    const value = entity[key];
    if (value === undefined) return false;
    representation[key] = Array.isArray(value) ? value.map(take) : take(value);
    return true;
  };
};

const fragmentStep = (
  schema: GraphQLSchema,
  { typeCondition, selections }: Extract<QueryPlanSelectionNode, { kind: "InlineFragment" }>,
): Step => {
  if (typeCondition === undefined || !isObjectType(schema.getType(typeCondition)))
    throw new Unsupported(`a condition on ${typeCondition ?? "no type"}`);
  const inner = compileRepresentation(schema, selections);
  return (entity, representation) => {
    const part = entity["__typename"] === typeCondition ? inner(entity) : null;
    if (part) mergeInto(representation, part);
    return true;
  };
};
