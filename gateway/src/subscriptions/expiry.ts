import type { WebSocket } from "ws";

/** Why the gateway closes a socket, beside graphql-ws' own codes. A client of graphql-ws connects again after 4403 (with a new token) and 1013, not after 4401. */
export const CLOSE = { malformedToken: 4401, expiredToken: 4403, tryAgainLater: 1013, goingAway: 1001 } as const;

/** Node.js timers cannot wait longer. */
const LONGEST_WAIT_MS = 2_147_483_647;

/** Closes a socket at a moment (milliseconds since 1970; Infinity: never), unless it is closed before. */
export const closeAt = (socket: WebSocket, moment: number, now: () => Date): void => {
  if (moment === Infinity) return;
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    const left = moment - now().getTime();
    if (left <= 0) return socket.close(CLOSE.expiredToken, "The token has expired: connect again with a new one");
    timer = setTimeout(wait, Math.min(left, LONGEST_WAIT_MS));
    timer.unref();
  };
  socket.once("close", () => clearTimeout(timer));
  wait();
};
