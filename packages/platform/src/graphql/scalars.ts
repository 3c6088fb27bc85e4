import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from "graphql";

const text = (name: string, description: string, isValid: (value: string) => boolean) => {
  const read = (value: unknown): string => {
    if (typeof value === "string" && isValid(value)) return value;
    throw new GraphQLError(`${name} cannot be ${JSON.stringify(value)}: ${description}`, { extensions: { code: "BAD_USER_INPUT" } });
  };
  return new GraphQLScalarType<string, string>({
    name,
    description,
    serialize: (value) => read(value instanceof Date ? value.toISOString() : value),
    parseValue: read,
    parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined),
  });
};

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** RFC 3339, UTC. */
export const DateTimeScalar = text(
  "DateTime",
  "A moment, RFC 3339, such as 2026-11-22T08:30:00Z.",
  (value) => MOMENT.test(value) && !Number.isNaN(Date.parse(value)),
);
/** A calendar day. */
export const DateScalar = text(
  "Date",
  "A calendar day, such as 2026-11-22.",
  (value) => DAY.test(value) && new Date(`${value}T00:00:00Z`).toISOString().startsWith(value),
);
/** An exact decimal number as text. */
export const DecimalScalar = text("Decimal", 'An exact decimal number as text, such as "4.50".', (value) =>
  /^-?\d{1,15}(\.\d{1,9})?$/.test(value),
);
/** Any JSON value. */
export const JsonScalar = new GraphQLScalarType({
  name: "JSON",
  description: "Any JSON value.",
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});
