import type { IncomingMessage } from "node:http";
import proxyAddr from "@fastify/proxy-addr";

/** Whether an address is a proxy of this installation, so that what it says of its caller is believed. */
export type TrustsProxy = (address: string, hop: number) => boolean;

/** Trust in proxies given as addresses, networks (`10.0.0.0/8`) or `loopback`, `linklocal`, `uniquelocal`. Throws a TypeError for anything else. */
export const trustIn = (proxies: readonly string[]): TrustsProxy => {
  // "1" would be read as 0.0.0.1; whoever writes it means a number of hops
  const wrong = proxies.find((proxy) => /^[\d/]*$/.test(proxy));
  if (wrong !== undefined) throw new TypeError(`invalid IP address: ${wrong}`);
  return proxyAddr.compile([...proxies]);
};

/**
 * Where a request comes from: the nearest address that is no trusted proxy. X-Forwarded-For is read from its end, since each proxy appends
 * whom it heard; what stands before the first stranger is the stranger's own claim.
 */
export const callerAddress = (request: IncomingMessage, trusts: TrustsProxy | undefined): string =>
  (trusts ? proxyAddr(request, trusts) : request.socket.remoteAddress) ?? "unknown";
