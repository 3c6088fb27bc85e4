import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { until } from "@kava/tests/support/until";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ANNA, openAtTheCafe, type AtTheCafe } from "../testing/atTheCafe.js";

let home: AtTheCafe;
let at: AtTheCafe;
let isDown = true;
/** Publishes the keys of `home`, while it is not down. */
const keys = createServer((_request, response) => {
  if (isDown) response.writeHead(503).end("later");
  else void fetch(`${home.gateway.url}/.well-known/jwks.json`).then(async (answer) => response.writeHead(200).end(await answer.text()));
});
beforeAll(async () => {
  home = await openAtTheCafe();
  await new Promise<void>((resolve) => keys.listen(0, "127.0.0.1", resolve));
  const { port } = keys.address() as AddressInfo;
  at = await openAtTheCafe({
    tokens: { jwksUrl: `http://127.0.0.1:${port}/jwks.json` },
    rate: { viewer: 100, staff: 100, stranger: 2, registrations: 1 },
  });
});
afterAll(async () => {
  await at?.close();
  await home?.close();
  keys.close();
});

test("while the keys cannot be had, who brings a token is told to try again, and is not counted as guessing", async () => {
  isDown = true;
  const token = await home.token({});
  const ask = (as?: string) =>
    fetch(`${at.gateway.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(as === undefined ? {} : { authorization: `Bearer ${as}` }) },
      body: JSON.stringify({ query: "{ menu { name } }" }),
    });
  for (let i = 0; i < 5; i += 1) {
    const answer = await ask(token);
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: "SERVICE_UNAVAILABLE" } }] });
  }
  expect((await ask()).status).toBe(200);
});

test("a socket that connects meanwhile is closed so that its client connects again, until the keys are there", async () => {
  isDown = true;
  const codes: unknown[] = [];
  const client = createClient({
    url: `${at.gateway.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: async () => ({ authorization: `Bearer ${await home.token({})}` }),
    retryAttempts: 100,
    retryWait: async () => void (await until("the keys are there", () => !isDown)),
    on: {
      closed: (event) => {
        codes.push((event as { code: number }).code);
        isDown = false;
      },
    },
  });
  const results: unknown[] = [];
  for await (const { data } of client.iterate({ query: "{ me { id } }" })) results.push(data);
  expect(codes).toEqual([1013]);
  expect(results).toEqual([{ me: { id: ANNA } }]);
  await client.dispose();
});

test("the keys that are passed on say so when they cannot be had, and nobody keeps that answer", async () => {
  isDown = true;
  const outage = await fetch(`${at.gateway.url}/.well-known/jwks.json`);
  expect(outage.status).toBe(503);
  expect(outage.headers.get("cache-control")).toBeNull();
  isDown = false;
  const answer = await fetch(`${at.gateway.url}/.well-known/jwks.json`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ keys: [{ crv: "Ed25519" }] });
});
