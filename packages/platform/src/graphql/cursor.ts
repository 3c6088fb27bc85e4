import { GraphQLError } from "graphql";

/** Cursors are opaque to clients: the sort key of the row, as JSON, in base64url. */
export const encodeCursor = (key: readonly (string | number)[]): string => Buffer.from(JSON.stringify(key)).toString("base64url");

/** Throws a GraphQLError when the cursor was not made by `encodeCursor` with as many parts. */
export const decodeCursor = (cursor: string, parts: number): (string | number)[] => {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(key) && key.length === parts && key.every((part) => typeof part === "string" || typeof part === "number")) return key;
  } catch {
    /* said below */
  }
  throw new GraphQLError(`The cursor "${cursor.slice(0, 60)}" was not given by this list: use an endCursor of an earlier page`, {
    extensions: { code: "BAD_USER_INPUT" },
  });
};
