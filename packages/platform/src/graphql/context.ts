import type { Identity } from "@kava/contracts/identity";
import { isStaff, scopesOf } from "@kava/contracts/identity";
import { GraphQLError } from "graphql";
import type { Language } from "../language/because.js";
import type { Logger } from "../telemetry/logger.js";

/** What every resolver gets. A service adds its own part (stores, loaders that live for this request). */
export interface RequestContext {
  identity: Identity;
  language: Language;
  now: Date;
  requestId: string;
  logger: Logger;
}

/** Throws unless the viewer works for the chain: the second lock behind the gateway's. */
export const requireStaff = ({ identity }: Pick<RequestContext, "identity">): void => {
  if (!isStaff(identity)) throw new GraphQLError("This is for the chain's staff", { extensions: { code: "FORBIDDEN" } });
};

/** Throws unless the viewer holds the scope. */
export const requireScope = ({ identity }: Pick<RequestContext, "identity">, scope: string): void => {
  if (!scopesOf(identity).has(scope)) throw new GraphQLError(`This needs the scope ${scope}`, { extensions: { code: "FORBIDDEN" } });
};
