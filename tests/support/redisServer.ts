import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { Redis } from "ioredis";
import { until } from "./until.js";

/** Whether this machine has the program; tests that need it say so in their name. */
export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

export interface RedisServer {
  url: string;
  stop(): Promise<void>;
}

/** A private Redis that keeps nothing, on a free port. `evicting`: with a policy that may drop keys, as a cache has it. */
export const startRedis = async ({ evicting = false } = {}): Promise<RedisServer> => {
  const port = await freePort();
  const policy = evicting ? "allkeys-lru" : "noeviction";
  const server = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--maxmemory-policy", policy], {
    stdio: "ignore",
  });
  const client = new Redis({ host: "127.0.0.1", port, lazyConnect: true, retryStrategy: () => null });
  client.on("error", () => {}); // it is not up yet
  await until("Redis answers", async () => {
    if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`);
    return (
      client.status === "ready" ||
      client.connect().then(
        () => true,
        () => false,
      )
    );
  });
  client.disconnect();
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      server.kill("SIGTERM");
      if (server.exitCode === null) await once(server, "exit");
    },
  };
};
