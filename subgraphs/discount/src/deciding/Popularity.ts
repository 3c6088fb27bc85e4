import type { Sql } from "@kava/platform/database/sql";
import type { Logger } from "@kava/platform/telemetry/logger";
import { LRUCache } from "lru-cache";
import { popularItems } from "../storage/decisionInputs.js";

const FRESH_MS = 300_000;
const MOST_ITEMS = 30;

interface Popular {
  at: number;
  items: { itemId: string; share: number }[];
}

/** What is popular in each chain, about five minutes old: who finds it old gets it all the same, and it is read anew beside. */
export class Popularity {
  readonly #known = new LRUCache<string, Popular>({ max: 1_000 });

  constructor(
    private readonly pool: Sql,
    private readonly logger: Logger,
  ) {}

  /** `sql`: the caller's transaction, for the first time: a second connection, waited for while holding one, could stop the service. */
  async of(sql: Sql, tenantId: string, now: Date): Promise<Popular["items"]> {
    const known = this.#known.get(tenantId);
    if (!known) return this.#read(sql, tenantId, now);
    if (now.getTime() - known.at >= FRESH_MS) {
      this.#known.set(tenantId, { ...known, at: now.getTime() }); // one reader is enough
      void this.#read(this.pool, tenantId, now).catch((error: unknown) =>
        this.logger.warn({ err: error, tenantId }, "what is popular could not be read: the older list serves"),
      );
    }
    return known.items;
  }

  /** After a load everything is different. */
  forget(tenantId: string): void {
    this.#known.delete(tenantId);
  }

  async #read(sql: Sql, tenantId: string, now: Date): Promise<Popular["items"]> {
    const items = await popularItems(sql, tenantId, MOST_ITEMS);
    // an empty list is not kept: the first purchases of a new chain should count at once
    if (items.length > 0) this.#known.set(tenantId, { at: now.getTime(), items });
    return items;
  }
}
