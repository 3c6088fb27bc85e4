import type { WebSocket } from "ws";

const PING_EVERY_MS = 12_000;

/** Pings a socket and ends it when a whole interval passes without an answer: a client that vanished must not keep its subscriptions. */
export const keepAlive = (socket: WebSocket, everyMs = PING_EVERY_MS): (() => void) => {
  let answered = true;
  socket.on("pong", () => void (answered = true));
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
};
