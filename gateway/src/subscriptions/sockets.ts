import type { Logger } from "@kava/platform/telemetry/logger";
import { handleProtocols, makeServer, type Server as Protocol } from "graphql-ws";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { callerAddress, type TrustsProxy } from "../http/callerAddress.js";
import type { FindViewer } from "../identity/viewer.js";
import type { RateLimiter } from "../limits/rate.js";
import { CLOSE } from "./expiry.js";
import { keepAlive } from "./keepAlive.js";
import { protocolOf, type Connection } from "./protocol.js";
import type { SubscribeOptions } from "./subscribe.js";
import type { LocalWakeups } from "./wakeups.js";

export interface SocketOptions extends Omit<SubscribeOptions, "feeds" | "bindingOf"> {
  findViewer: FindViewer;
  rate: RateLimiter;
  wakeups: LocalWakeups;
  pollMs: number;
  /** Undefined trusts nobody. */
  trustsProxy: TrustsProxy | undefined;
  now: () => Date;
  logger: Logger;
}

const PATH = "/graphql";
const GRACE_MS = 1_000;

/** Serves graphql-ws on the HTTP server's `/graphql`: subscriptions, and queries and mutations as over HTTP. */
export const addSubscriptions = (server: Server, options: SocketOptions): { close(): Promise<void> } => {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: options.limits.bodyBytes, handleProtocols });
  const protocol = makeServer(protocolOf(options));
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (request.url?.split("?")[0] !== PATH) return void socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n");
    sockets.handleUpgrade(request, socket, head, (opened) => serve(opened, request, protocol, options));
  };
  server.on("upgrade", upgrade);
  return {
    close: async () => {
      server.off("upgrade", upgrade);
      const gone = [...sockets.clients].map(
        (socket) => new Promise((resolve) => socket.once("close", resolve).close(CLOSE.goingAway, "The gateway is stopping")),
      );
      const impatient = setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), GRACE_MS);
      await Promise.all(gone);
      clearTimeout(impatient);
      sockets.close();
    },
  };
};

const serve = (
  socket: WebSocket,
  request: IncomingMessage,
  protocol: Protocol<Connection>,
  { metrics, logger, trustsProxy }: SocketOptions,
): void => {
  metrics.sockets.inc();
  socket.on("error", (error) => logger.debug({ err: error }, "a socket failed"));
  const stopPings = keepAlive(socket);
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      // resolves when the data has left this process: a slow client slows its own subscription down, and nobody else's
      send: (data) => new Promise((resolve) => (socket.readyState === socket.OPEN ? socket.send(data, () => resolve()) : resolve())),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) =>
        void socket.on(
          "message",
          (data: Buffer) =>
            void handle(data.toString()).catch((error: unknown) => {
              logger.error({ err: error }, "a message could not be handled");
              socket.close(4500, "Internal server error");
            }),
        ),
    },
    { socket, request, ip: callerAddress(request, trustsProxy) },
  );
  socket.once("close", (code, reason) => {
    metrics.sockets.dec();
    stopPings();
    void closed(code, String(reason));
  });
};
