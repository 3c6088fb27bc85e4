/** What one operation may ask for, on every transport. */
export interface Limits {
  /** Size of a request body or a WebSocket message. */
  bodyBytes: number;
  /** Tokens of a document: checked while it is parsed, so before validation. */
  tokens: number;
  /** Fields below one another. */
  depth: number;
  /** Fields in all, each counted as often as its fragment is spread: the planner works on the spread operation. */
  fields: number;
  /** Aliases, each counted as often as its fragment is spread. */
  aliases: number;
  /** Directives, counted likewise. */
  directives: number;
  /** Objects that the operation could touch (see cost.ts). */
  cost: number;
  /** Subscriptions and other operations under way on one socket. */
  operationsPerSocket: number;
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 100_000,
  tokens: 2_000,
  depth: 16,
  fields: 1_000,
  aliases: 30,
  directives: 30,
  cost: 10_000,
  operationsPerSocket: 50,
};
