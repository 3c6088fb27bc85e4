import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { afterEach, expect, test } from "vitest";
import { gatewayConfig, type GatewayConfig } from "../config.js";
import { openAtTheCafe, type AtTheCafe } from "../testing/atTheCafe.js";

let at: AtTheCafe;
afterEach(() => at?.close());
const open = async (trustProxy: GatewayConfig["trustProxy"]) => {
  at = await openAtTheCafe({ trustProxy, rate: { viewer: 10, staff: 10, stranger: 2, registrations: 1 } });
};

const MENU = "{ menu { name } }";
const overHttp = async (forwarded: string): Promise<boolean> => {
  const { status } = await at.ask(MENU, { headers: { "x-forwarded-for": forwarded } });
  return status === 200;
};
const overWebSocket = async (forwarded: string): Promise<boolean> => {
  class Forwarded extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { headers: { "x-forwarded-for": forwarded } });
    }
  }
  const client = createClient({ url: `${at.gateway.url.replace("http", "ws")}/graphql`, webSocketImpl: Forwarded, retryAttempts: 0 });
  try {
    for await (const { errors } of client.iterate({ query: MENU })) if (errors) return false;
    return true;
  } catch (error) {
    if (Array.isArray(error)) return false;
    throw error;
  } finally {
    await client.dispose();
  }
};
const answered = async (ask: (forwarded: string) => Promise<boolean>, ...forwarded: string[]) => {
  const answers: boolean[] = [];
  for (const value of forwarded) answers.push(await ask(value));
  return answers;
};
const TRANSPORTS = [
  ["HTTP", overHttp],
  ["WebSocket", overWebSocket],
] as const;

test.each(TRANSPORTS)("over %s a caller behind a trusted proxy is counted by the address that the proxy appended", async (_name, ask) => {
  await open(["loopback"]);
  expect(await answered(ask, "198.51.100.1, 203.0.113.7", "198.51.100.2, 203.0.113.7", "198.51.100.3, 203.0.113.7")).toEqual([
    true,
    true,
    false,
  ]);
  expect(await ask("203.0.113.8")).toBe(true);
});

test.each(TRANSPORTS)("over %s several trusted proxies are passed over", async (_name, ask) => {
  await open(["loopback", "10.0.0.0/8"]);
  expect(await answered(ask, "203.0.113.7, 10.1.1.1", "203.0.113.7, 10.2.2.2", "203.0.113.7")).toEqual([true, true, false]);
});

test.each([
  ["HTTP", "off", overHttp],
  ["WebSocket", "off", overWebSocket],
  ["HTTP", ["192.0.2.1"], overHttp],
  ["WebSocket", ["192.0.2.1"], overWebSocket],
] as const)("over %s what a caller says who is no trusted proxy (%j) is not believed", async (_name, trustProxy, ask) => {
  await open(trustProxy);
  expect(await answered(ask, "203.0.113.1", "203.0.113.2", "203.0.113.3")).toEqual([true, true, false]);
});

const configured = (value: string) =>
  gatewayConfig({ INTERNAL_KEY: "a-key-of-the-services", SIGNING_KEY_FILE: "key.json", TRUST_PROXY: value }).trustProxy;

test("TRUST_PROXY names proxies by address, network or kind", () => {
  expect(configured("loopback, 10.0.0.0/8,2001:db8::1")).toEqual(["loopback", "10.0.0.0/8", "2001:db8::1"]);
  expect(configured("off")).toBe("off");
  expect(configured("")).toBe("off");
});

test.each(["on", "true", "1", "0.0.0.0/0", "proxy.internal", "10.0.0.0/99", "loopback,"])(
  "TRUST_PROXY=%s is refused with what to write",
  (value) => {
    expect(() => configured(value)).toThrow(/TRUST_PROXY: .*10\.0\.0\.0\/8.*off/);
  },
);
