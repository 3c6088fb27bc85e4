import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Viewer } from "./identity/viewer.js";

/** What the gateway knows of one operation, on every transport. */
export interface GatewayContext {
  viewer: Viewer;
  /** Names this operation in logs and in what a client is told of a failure. */
  requestId: string;
  /** W3C trace context for the subgraphs. */
  traceparent: string;
  acceptLanguage: string | undefined;
  ip: string;
}

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const REQUEST_ID = /^[\w.-]{8,64}$/;

/** Takes over a caller's request id and trace when they have the right form, else makes them. */
export const contextOf = (headers: IncomingHttpHeaders, viewer: Viewer, ip: string): GatewayContext => {
  const { "x-request-id": requestId, traceparent, "accept-language": acceptLanguage } = headers;
  return {
    viewer,
    ip,
    acceptLanguage,
    requestId: typeof requestId === "string" && REQUEST_ID.test(requestId) ? requestId : randomUUID(),
    traceparent: typeof traceparent === "string" && TRACEPARENT.test(traceparent) ? traceparent : newTraceparent(),
  };
};

/** From two UUIDs, which Node.js makes from entropy it keeps in stock; random bytes would be asked of the system for every request. */
const newTraceparent = (): string => {
  const [trace, parent] = [randomUUID().replaceAll("-", ""), randomUUID().replaceAll("-", "")];
  return `00-${trace}-${parent.slice(16)}-01`;
};
