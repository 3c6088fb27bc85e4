import { Identity } from "@kava/contracts/identity";

/** The identity as a header value between the gateway and a subgraph (base64url of its JSON). */
export const encodeIdentity = (identity: Identity): string => Buffer.from(JSON.stringify(identity)).toString("base64url");

/** Throws when the value is missing or is no identity: an internal caller that says nothing about its viewer is a fault, not a stranger. */
export const decodeIdentity = (header: string | undefined): Identity => {
  if (!header) throw new Error("The identity header is missing");
  return Identity.parse(JSON.parse(Buffer.from(header, "base64url").toString("utf8")));
};
