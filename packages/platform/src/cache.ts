import { BentoCache, bentostore } from "bentocache";
import { memoryDriver } from "bentocache/drivers/memory";
import { redisBusDriver, redisDriver } from "bentocache/drivers/redis";
import { Redis } from "ioredis";

export type Cache = ReturnType<typeof openCache>;

/**
 * Memory, with Redis behind it when the installation has one; then every instance hears of an invalidation. Stale-while-revalidate is per call:
 * `cache.getOrSet({ key, factory, ttl, grace, timeout: 0 })`. Keys carry the tenant.
 */
export const openCache = (name: string, redisUrl: string | undefined) => {
  const memory = bentostore().useL1Layer(memoryDriver({ maxSize: "50mb" }));
  const store = redisUrl
    ? memory
        .useL2Layer(redisDriver({ connection: new Redis(redisUrl), prefix: `kava-${name}` }))
        .useBus(redisBusDriver({ connection: redisOptions(redisUrl) }))
    : memory;
  return new BentoCache({ default: "main", stores: { main: store } });
};

const redisOptions = (url: string) => {
  const { hostname, port, password, username, pathname } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 6379),
    db: Number(pathname.slice(1) || 0),
    ...(password ? { password: decodeURIComponent(password) } : {}),
    ...(username ? { username } : {}),
  };
};
