import type { Sql } from "@kava/platform/database/sql";
import DataLoader from "dataloader";
import { candidateCount, cellOf, nearest, type Place } from "../domain/nearest.js";
import { itemsOf, menuCategories, menuPage, type MenuPageQuery, type MenuRow } from "./itemReads.js";
import type { CachedRead, MenuCache } from "./menuCache.js";
import { candidatesOf, venuePage, venuesOf, type PlacedVenueRow, type VenueRow } from "./venueReads.js";

/** A page of the menu with one row more than asked for, when there is one. */
export interface MenuPage {
  rows: MenuRow[];
  totalCount: number;
}

/** What the graph reads of the menu, through the cache. What is not in the cache is fetched in batches. */
export class MenuReader {
  constructor(
    private readonly sql: Sql,
    private readonly cache: MenuCache,
  ) {}

  async page(tenantId: string, query: MenuPageQuery): Promise<MenuPage> {
    const cached = await this.cache.edition(tenantId);
    return cached(`page.${JSON.stringify([query.category, query.after, query.limit])}`, () => menuPage(this.sql, tenantId, query));
  }

  async categories(tenantId: string): Promise<string[]> {
    return (await this.cache.edition(tenantId))("categories", () => menuCategories(this.sql, tenantId));
  }

  /** The items of these ids in their order, null where there is none. */
  items(tenantId: string, ids: readonly string[]): Promise<(MenuRow | null)[]> {
    return this.#each(tenantId, "item", ids, (missing) => itemsOf(this.sql, tenantId, missing));
  }

  /** The venues of these ids in their order, null where there is none. */
  venues(tenantId: string, ids: readonly string[]): Promise<(VenueRow | null)[]> {
    return this.#each(tenantId, "venue", ids, (missing) => venuesOf(this.sql, tenantId, missing));
  }

  /** A page of all venues in the order name, id. */
  async venuePage(tenantId: string, after: readonly [name: string, id: string] | null, limit: number): Promise<VenueRow[]> {
    return (await this.cache.edition(tenantId))(`venues.${JSON.stringify([after, limit])}`, () =>
      venuePage(this.sql, tenantId, after, limit),
    );
  }

  /** The `first` venues nearest to the place with their way in metres; the candidates of its geohash cell are cached, the ways are the caller's own. */
  async nearest(tenantId: string, place: Place, first: number): Promise<{ venue: PlacedVenueRow; meters: number }[]> {
    const cell = cellOf(place);
    const count = candidateCount(first);
    const cached = await this.cache.edition(tenantId);
    const candidates = await cached(`nearest.${cell.name}.${count}`, () => candidatesOf(this.sql, tenantId, cell, count));
    return nearest(candidates, place, first);
  }

  async #each<Row extends { id: string }>(
    tenantId: string,
    kind: string,
    ids: readonly string[],
    fetch: (missing: readonly string[]) => Promise<Row[]>,
  ): Promise<(Row | null)[]> {
    const batch = new DataLoader<string, Row | null>(
      async (missing) => {
        const found = new Map((await fetch(missing)).map((row) => [row.id, row]));
        return missing.map((id) => found.get(id) ?? null);
      },
      { cache: false, batchScheduleFn: setImmediate },
    );
    const cached: CachedRead = await this.cache.edition(tenantId);
    return Promise.all(ids.map((id) => cached(`${kind}.${id}`, () => batch.load(id))));
  }
}
