import { GraphQLError } from "graphql";

/** How many rows are wanted, 1 to `most`. Throws a GraphQLError otherwise: who asks for more must not believe to have all. */
export const limited = (first: number, most: number): number => {
  if (Number.isInteger(first) && first >= 1 && first <= most) return first;
  throw new GraphQLError(`first must be from 1 to ${most}, not ${first}`, { extensions: { code: "BAD_USER_INPUT" } });
};
