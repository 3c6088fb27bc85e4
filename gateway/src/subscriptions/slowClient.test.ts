import { until } from "@kava/tests/support/until";
import { WebSocket } from "ws";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../limits/limits.js";
import { ANNA, openAtTheCafe, type AtTheCafe } from "../testing/atTheCafe.js";

/** Together far more than the kernel's socket buffers hold. */
const PUSHES = 200;
const PUSH_BYTES = 200_000;

let at: AtTheCafe;
beforeAll(async () => {
  at = await openAtTheCafe({ limits: { ...DEFAULT_LIMITS, cost: 10 } });
});
afterAll(() => at?.close());

test("a client that does not read is asked for no further than its queue, and gets all in order once it reads", async () => {
  const id = (seq: number) => `${seq}-${"x".repeat(PUSH_BYTES)}`;
  for (let seq = 1; seq <= PUSHES; seq += 1) at.cafe.push(ANNA, id(seq));
  const socket = new WebSocket(`${at.gateway.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  const received: number[] = [];
  const acknowledged = new Promise<void>((resolve) => {
    socket.on("message", (data: Buffer) => {
      const { type, payload } = JSON.parse(data.toString()) as {
        type: string;
        payload?: { data: { offerPushed: { offer: { id: string } } } };
      };
      if (type === "connection_ack") resolve();
      if (type === "next") received.push(Number(payload!.data.offerPushed.offer.id.split("-")[0]));
    });
  });
  await new Promise((resolve) => socket.once("open", resolve));
  socket.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${await at.token({})}` } }));
  await acknowledged;
  socket.pause();
  socket.send(
    JSON.stringify({
      id: "1",
      type: "subscribe",
      payload: { query: `subscription { offerPushed(customerId: "${ANNA}", after: "start") { offer { id } } }` },
    }),
  );
  const pagesAsked = () => at.cafe.received["discount"]!.length;
  await until("nothing more is asked for", async () => {
    const before = pagesAsked();
    for (let i = 0; i < 30; i += 1) await at.ask("{ __typename }");
    return before > 0 && pagesAsked() === before;
  });
  expect(pagesAsked()).toBeLessThan(PUSHES / 5); // pages hold five: the limit of cost lets no more through at once
  socket.resume();
  await until("all came", () => received.length === PUSHES);
  expect(received).toEqual(Array.from({ length: PUSHES }, (_, i) => i + 1));
  socket.close();
});
