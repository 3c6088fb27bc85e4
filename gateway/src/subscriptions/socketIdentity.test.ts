import { until } from "@kava/tests/support/until";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ANNA, openAtTheCafe, type AtTheCafe } from "../testing/atTheCafe.js";

let at: AtTheCafe;
beforeAll(async () => {
  at = await openAtTheCafe();
});
afterAll(() => at?.close());

const open = async (
  headers: Record<string, string> = {},
): Promise<{ socket: WebSocket; closed: Promise<{ code: number; reason: string }>; messages: { type: string; payload?: unknown }[] }> => {
  const socket = new WebSocket(`${at.gateway.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", { headers });
  const messages: { type: string; payload?: unknown }[] = [];
  socket.on("message", (data) => messages.push(JSON.parse(String(data)) as { type: string }));
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once("close", (code, reason) => resolve({ code, reason: String(reason) })),
  );
  await new Promise((resolve) => socket.once("open", resolve));
  return { socket, closed, messages };
};
const init = (authorization?: string) =>
  JSON.stringify({ type: "connection_init", payload: authorization === undefined ? {} : { authorization } });

test("a malformed token in connection_init closes the socket with 4401, before anything is executed", async () => {
  const { socket, closed, messages } = await open();
  socket.send(init("Bearer hello"));
  expect(await closed).toMatchObject({ code: 4401, reason: expect.stringContaining("malformed") });
  expect(messages).toEqual([]);
});

test("an expired token in connection_init closes the socket with 4403", async () => {
  const { socket, closed } = await open();
  socket.send(init(`Bearer ${await at.token({}, 60, new Date(Date.now() - 3_600_000))}`));
  expect(await closed).toMatchObject({ code: 4403, reason: expect.stringContaining("expired") });
});

test("the socket closes with 4403 when its token expires, also while a subscription runs", async () => {
  const { socket, closed, messages } = await open();
  socket.send(init(`Bearer ${await at.token({}, 2)}`));
  await until("acknowledged", () => messages.some(({ type }) => type === "connection_ack"));
  socket.send(
    JSON.stringify({ id: "1", type: "subscribe", payload: { query: `subscription { offerPushed(customerId: "${ANNA}") { cursor } }` } }),
  );
  expect(await closed).toMatchObject({ code: 4403, reason: expect.stringContaining("expired") });
  await until("its subscription is gone", async () =>
    (await (await fetch(`${at.gateway.url}/metrics`)).text()).match(/kava_gateway_subscriptions\{[^}]*\} 0/),
  );
});

test("the upgrade's own Authorization header is taken when connection_init has none", async () => {
  const { socket, messages } = await open({ authorization: `Bearer ${await at.token({})}` });
  socket.send(init());
  await until("acknowledged", () => messages.some(({ type }) => type === "connection_ack"));
  socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query: "{ me { id } }" } }));
  const next = await until("answered", () => messages.find(({ type }) => type === "next"));
  expect(next.payload).toEqual({ data: { me: { id: ANNA } } });
  socket.close();
});

test("an operation before connection_init closes the socket", async () => {
  const { socket, closed } = await open();
  socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query: "{ menu { name } }" } }));
  expect((await closed).code).toBe(4401);
});

test("a socket carries a bounded number of operations at a time", async () => {
  const client = createClient({
    url: `${at.gateway.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${await at.token({})}` },
    retryAttempts: 0,
  });
  const refused: unknown[] = [];
  for (let i = 0; i <= 50; i += 1)
    client.subscribe(
      { query: `subscription { offerPushed(customerId: "${ANNA}") { cursor } }` },
      { next: () => undefined, complete: () => undefined, error: (errors) => refused.push(errors) },
    );
  await until("one is refused", () => refused.length > 0);
  expect(refused).toMatchObject([[{ extensions: { code: "TOO_MANY_OPERATIONS", limit: 50 } }]]);
  await client.dispose();
});

test("a socket to another path is not opened", async () => {
  const socket = new WebSocket(`${at.gateway.url.replace("http", "ws")}/elsewhere`, "graphql-transport-ws");
  expect(String(await new Promise((resolve) => socket.once("error", resolve)))).toContain("404");
});

test("when the gateway stops, sockets are told so", async () => {
  const own = await openAtTheCafe();
  const socket = new WebSocket(`${own.gateway.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  await new Promise((resolve) => socket.once("open", resolve));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await own.close();
  expect(await closed).toBe(1001);
});
