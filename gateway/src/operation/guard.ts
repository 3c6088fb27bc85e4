import { isStaff } from "@kava/contracts/identity";
import type { DocumentNode, OperationDefinitionNode } from "graphql";
import { isMet } from "../access/requirements.js";
import type { GatewayContext } from "../context.js";
import { Refusal, type RefusalCode } from "../errors/refusal.js";
import type { Limits } from "../limits/limits.js";
import type { RateLimiter } from "../limits/rate.js";
import type { ReadFacts } from "./facts.js";

/** An operation of a validated document, about to be executed. */
export interface GuardedOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
}

/** Throws a Refusal unless this viewer may have this operation executed: limits, introspection, scopes. Nothing has been executed then. */
export type Guard = (operation: GuardedOperation, context: GatewayContext) => Promise<void>;

export interface GuardOptions {
  facts: ReadFacts;
  limits: Limits;
  rate: RateLimiter;
  /** Whether strangers may read the schema. */
  introspection: boolean;
}

/** One guard for HTTP and WebSocket, queries, mutations and subscriptions. */
export const createGuard =
  ({ facts, limits, rate, introspection }: GuardOptions): Guard =>
  async ({ document, operation, variables }, { viewer, ip }) => {
    const { size, cost, demands, introspects, rootFields } = facts(document, operation);
    atMost("QUERY_TOO_DEEP", "levels", size.depth, limits.depth, "ask for less in one query");
    atMost("QUERY_TOO_LARGE", "fields", size.fields, limits.fields, "send several queries");
    atMost("TOO_MANY_ALIASES", "aliases", size.aliases, limits.aliases, "send several queries");
    atMost("TOO_MANY_DIRECTIVES", "directives", size.directives, limits.directives, "send several queries");
    atMost(
      "QUERY_TOO_COSTLY",
      "objects at the worst",
      cost(variables),
      limits.cost,
      "ask for smaller pages (first) or fewer lists inside lists",
    );
    if (introspects && !introspection && !isStaff(viewer.identity))
      throw new Refusal(
        "INTROSPECTION_DISABLED",
        403,
        "Reading the schema is for the chain's staff: see docs/graph.graphql for the public face",
      );
    for (const { place, requirement } of demands)
      if (!isMet(requirement, viewer.scopes))
        throw new Refusal("FORBIDDEN", 403, `${place} needs ${inWords(requirement.anyOf)}: leave it out or sign in as someone who has it`, {
          field: place,
        });
    const registrations = rootFields.get("registerCustomer") ?? 0;
    if (registrations > 0 && !isStaff(viewer.identity)) await rate.registrations(ip, registrations);
  };

const atMost = (code: RefusalCode, what: string, found: number, limit: number, cure: string): void => {
  if (found > limit)
    throw new Refusal(code, 400, `The operation has ${found} ${what}, at most ${limit} are allowed: ${cure}`, { limit, found });
};

const inWords = (anyOf: readonly (readonly string[])[]): string =>
  anyOf
    .map((group) => (group.length === 1 && group[0] === "authenticated" ? "a signed-in viewer" : `the scope ${group.join(" and ")}`))
    .join(", or ");
