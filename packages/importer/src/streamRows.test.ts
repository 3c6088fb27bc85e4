import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { streamRows } from "./streamRows.js";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const serve = async (
  name: string,
  answer: (request: IncomingMessage) => Promise<[status: number, body: string]>,
): Promise<{ name: string; url: string }> => {
  const server = createServer((request, response) => void answer(request).then(([status, body]) => response.writeHead(status).end(body)));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return { name, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
};
const counting = async (request: IncomingMessage): Promise<[number, string]> => {
  const rows = (await text(request))
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { n: number }).n);
  return [200, JSON.stringify({ rows: rows.length, sum: rows.reduce((sum, n) => sum + n, 0) })];
};
const rows = function* (count: number, made: (n: number) => void = () => {}): Generator<{ n: number; pad: string }> {
  for (let n = 0; n < count; n++) {
    made(n);
    yield { n, pad: "x".repeat(500) };
  }
};

test("every target gets every row", async () => {
  const targets = [await serve("customer", counting), await serve("discount", counting)];
  const seen: number[] = [];
  const answers = await streamRows(targets, {}, rows(5_000), (sent) => seen.push(sent));
  expect(answers).toEqual([
    { rows: 5_000, sum: 12_497_500 },
    { rows: 5_000, sum: 12_497_500 },
  ]);
  expect(seen.at(-1)).toBe(5_000);
});

test("a target that does not read holds up the making of rows", async () => {
  let made = 0;
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let stalled = (): void => {};
  const isStalled = new Promise<void>((resolve) => (stalled = resolve));
  const slow = await serve("analytics", async (request) => {
    await held;
    return counting(request);
  });
  const rowsAtOnce = 100_000; // 50 MB: more than sockets can hold
  let last = -1;
  const watch = setInterval(() => {
    if (made > 0 && made === last) stalled();
    last = made;
  }, 50);
  const loading = streamRows(
    [slow],
    {},
    rows(rowsAtOnce, (n) => (made = n)),
    () => {},
  );
  await isStalled;
  clearInterval(watch);
  expect(made).toBeLessThan(rowsAtOnce - 1);
  release();
  expect(await loading).toMatchObject([{ rows: rowsAtOnce }]);
});

test("a refusal names the service and what it said", async () => {
  const targets = [
    await serve("customer", counting),
    await serve("discount", async (request) => {
      request.resume();
      return [400, "the tenant is unknown"];
    }),
  ];
  await expect(streamRows(targets, {}, rows(10), () => {})).rejects.toThrow(
    "The service discount refused the load (400): the tenant is unknown",
  );
});

test("a service that goes away is named, with what to do", async () => {
  const target = await serve("analytics", async (request) => {
    request.socket.destroy();
    return [200, "{}"];
  });
  await expect(streamRows([target], {}, rows(200_000), () => {})).rejects.toThrow(
    /analytics broke off the load.*Run the same command again/,
  );
});
