import { GraphQLError } from "graphql";

/** Why the gateway did not execute an operation. */
export type RefusalCode =
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "RATE_LIMITED"
  | "BODY_TOO_LARGE"
  | "QUERY_TOO_DEEP"
  | "QUERY_TOO_LARGE"
  | "TOO_MANY_ALIASES"
  | "TOO_MANY_DIRECTIVES"
  | "QUERY_TOO_COSTLY"
  | "BAD_USER_INPUT"
  | "INTROSPECTION_DISABLED"
  | "TOO_MANY_OPERATIONS"
  | "SUBSCRIPTION_NOT_SUPPORTED"
  | "SERVICE_UNAVAILABLE"
  | "OPERATION_RESOLUTION_FAILURE"
  | "BAD_REQUEST"
  | "NOT_FOUND";

/** A typed answer to an operation that is not executed at all; the message is for the client. */
export class Refusal extends GraphQLError {
  constructor(
    readonly code: RefusalCode,
    readonly status: number,
    message: string,
    details: Record<string, unknown> = {},
  ) {
    super(message, { extensions: { code, ...details, http: { status } } });
  }
}

/** The body of a refusal that is answered before GraphQL. */
export const refusalBody = ({
  message,
  extensions: { http: _http, ...extensions },
}: Refusal): { errors: { message: string; extensions: Record<string, unknown> }[] } => ({ errors: [{ message, extensions }] });
