import { decodeCursor } from "@kava/platform/graphql/connection";
import { GraphQLError } from "graphql";
import { z } from "zod";

/** What a cursor of each list holds: the sort key of its row. */
export const CURSORS = {
  menu: z.tuple([z.string(), z.string(), z.uuid()]),
  venues: z.tuple([z.string(), z.uuid()]),
  promotions: z.tuple([z.iso.datetime(), z.uuid()]),
  priceHistory: z.tuple([z.int().min(1)]),
} as const;

/** The key in a cursor, null without one. Throws a GraphQLError for a cursor of another list or of nobody's. */
export const readCursor = <List extends keyof typeof CURSORS>(
  list: List,
  after: string | null | undefined,
): z.infer<(typeof CURSORS)[List]> | null => {
  if (!after) return null;
  const schema: z.ZodType<z.infer<(typeof CURSORS)[List]>> = CURSORS[list] as never;
  const read = schema.safeParse(decodeCursor(after, CURSORS[list].def.items.length));
  if (read.success) return read.data;
  throw new GraphQLError("The cursor belongs to another list: use an endCursor of an earlier page of this one", {
    extensions: { code: "BAD_USER_INPUT" },
  });
};
