import type { Sql } from "@kava/platform/database/sql";
import { LRUCache } from "lru-cache";
import { popularItems } from "../storage/decisionInputs.js";

const FRESH_MS = 300_000;
const MOST_ITEMS = 30;

/** What is popular in each chain, at most five minutes old. */
export class Popularity {
  readonly #known = new LRUCache<string, { at: number; items: { itemId: string; share: number }[] }>({ max: 1_000 });

  /** `sql`: the caller's transaction, so that no second connection is waited for. */
  async of(sql: Sql, tenantId: string, now: Date): Promise<{ itemId: string; share: number }[]> {
    const known = this.#known.get(tenantId);
    if (known && now.getTime() - known.at < FRESH_MS) return known.items;
    const items = await popularItems(sql, tenantId, MOST_ITEMS);
    // an empty list is not kept: the first purchases of a new chain should count at once
    if (items.length > 0) this.#known.set(tenantId, { at: now.getTime(), items });
    return items;
  }

  /** After a load everything is different. */
  forget(tenantId: string): void {
    this.#known.delete(tenantId);
  }
}
