import { GraphQLError } from "graphql";
import { encodeCursor } from "./cursor.js";
import { Directive, Field, Int, ObjectType, type ClassType } from "type-graphql";

export { decodeCursor, encodeCursor } from "./cursor.js";

@ObjectType("PageInfo", { description: "Where a page of a list ends." })
@Directive("@shareable")
export class PageInfo {
  @Field(() => Boolean) hasNextPage!: boolean;
  @Field(() => String, { nullable: true }) endCursor!: string | null;
}

export interface Edge<Node> {
  cursor: string;
  node: Node;
}
export interface Connection<Node> {
  edges: Edge<Node>[];
  pageInfo: PageInfo;
  totalCount?: number | null;
}

/** Declares `<name>Edge` and `<name>Connection` for a node type, as the Relay specification has them. */
export const connectionOf = <Node extends object>(name: string, node: () => ClassType<Node>): ClassType<Connection<Node>> => {
  @ObjectType(`${name}Edge`)
  class EdgeType implements Edge<Node> {
    @Field(() => String) cursor!: string;
    @Field(node) node!: Node;
  }
  @ObjectType(`${name}Connection`)
  class ConnectionType implements Connection<Node> {
    @Field(() => [EdgeType]) edges!: EdgeType[];
    @Field(() => PageInfo) pageInfo!: PageInfo;
    @Field(() => Int, { nullable: true }) totalCount?: number | null;
  }
  return ConnectionType;
};

/** The page size that is served: 1 to 100. Throws a GraphQLError for less than 1; more than 100 is refused as well, so that nobody believes they have all. */
export const pageSize = (first: number): number => {
  if (Number.isInteger(first) && first >= 1 && first <= 100) return first;
  throw new GraphQLError(`first must be from 1 to 100, not ${first}: ask for further pages with after`, {
    extensions: { code: "BAD_USER_INPUT" },
  });
};

/** Makes a connection of `first + 1` rows at the most: the one too many says that there is a next page. */
export const toConnection = <Row, Node>(
  rows: readonly Row[],
  first: number,
  cursorOf: (row: Row) => readonly (string | number)[],
  nodeOf: (row: Row) => Node,
  totalCount?: number,
): Connection<Node> => {
  const edges = rows.slice(0, first).map((row) => ({ cursor: encodeCursor(cursorOf(row)), node: nodeOf(row) }));
  return {
    edges,
    pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null },
    ...(totalCount === undefined ? {} : { totalCount }),
  };
};
