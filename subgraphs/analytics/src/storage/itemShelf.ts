import type { Database } from "@kava/platform/database/database";
import { allItems, type ItemFacts } from "@kava/platform/views/items";
import { LRUCache } from "lru-cache";
import { Shelf } from "../domain/shelf.js";
import type { Venues } from "./venues.js";

const FRESH_MS = 2_000;

/** A tenant's menu in memory, for the requests that filter by it; at most two seconds old, and new at once where the change was heard. */
export class ItemShelf {
  readonly #database: Database;
  readonly #venues: Venues;
  readonly #cache = new LRUCache<string, Promise<Shelf>>({ max: 500, ttl: FRESH_MS });
  constructor(database: Database, venues: Venues) {
    this.#database = database;
    this.#venues = venues;
  }

  of(tenantId: string): Promise<Shelf> {
    const known = this.#cache.get(tenantId);
    if (known) return known;
    const read = this.#read(tenantId);
    this.#cache.set(tenantId, read);
    read.catch(() => this.#cache.delete(tenantId));
    return read;
  }

  items(tenantId: string): Promise<ItemFacts[]> {
    return allItems(this.#database.sql, tenantId);
  }

  /** Call after the commit of a change. */
  changed(tenantId: string): void {
    this.#cache.delete(tenantId);
  }

  async #read(tenantId: string): Promise<Shelf> {
    return new Shelf(await this.items(tenantId), await this.#venues.ids(tenantId));
  }
}
