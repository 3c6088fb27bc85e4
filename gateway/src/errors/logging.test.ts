import { createLogger } from "@kava/platform/telemetry/logger";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ANNA, openAtTheCafe, type AtTheCafe } from "../testing/atTheCafe.js";

const lines: { reference?: string; err?: unknown }[] = [];
const logger = Object.assign(createLogger("gateway", "silent"), { error: (line: object) => void lines.push(line) });

let at: AtTheCafe;
beforeAll(async () => {
  at = await openAtTheCafe({}, { logger });
});
beforeEach(() => void lines.splice(0));
afterAll(() => at?.close());

const BROKEN = `{ customer(id: "${ANNA}") { broken } }`;

test("a fault is logged once, under the reference that the client was told, the first time as later", async () => {
  const token = await at.token({});
  for (const reference of ["first-time", "second-time", "third-time"])
    expect((await at.ask(BROKEN, { token, headers: { "x-request-id": reference } })).errors).toMatchObject([{ extensions: { reference } }]);
  expect(lines.map(({ reference }) => reference)).toEqual(["first-time", "second-time", "third-time"]);
  expect(lines.every(({ err }) => err !== undefined)).toBe(true);
});

test("a fault of an operation over WebSocket is logged once, too", async () => {
  const client = createClient({
    url: `${at.gateway.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${await at.token({})}` },
    retryAttempts: 0,
  });
  const told: unknown[] = [];
  for await (const { errors = [] } of client.iterate({ query: `query Socket ${BROKEN}` }))
    told.push(...errors.map(({ extensions }) => extensions?.["reference"]));
  await client.dispose();
  expect(told).toEqual([expect.any(String)]);
  expect(lines.map(({ reference }) => reference)).toEqual(told);
});

test("what is refused is nobody's fault, and is not logged as one", async () => {
  expect((await at.ask("{ menus { name } }")).status).toBe(400);
  expect((await at.ask("{")).status).toBe(400);
  expect((await at.ask("{ menu { cost { amount } } }")).status).toBe(403);
  expect(lines).toEqual([]);
});
