import DataLoader from "dataloader";
import type { Sql } from "@kava/platform/database/sql";

/** An item as the menu shows it; plain values, so that it can be cached. */
export interface MenuRow {
  id: string;
  sku: string;
  name: string;
  category: string;
  priceMinor: number;
  costMinor: number | null;
  version: number;
  retired: boolean;
  /** Venues that do not have it now. */
  unavailableVenueIds: string[];
  /** How many venues the tenant has. */
  venueCount: number;
}

/** A line of an item's price history. */
export interface PriceRow {
  version: number;
  validFrom: Date;
  priceMinor: number;
  costMinor: number | null;
  changedBy: string;
}

/** A page of the menu, in the order category, name, id; `after` is the last row seen in that order. */
export interface MenuPageQuery {
  category: string | null;
  after: readonly [category: string, name: string, id: string] | null;
  limit: number;
}

const MENU_ROW = `i.id, i.sku, i.name, i.category, i.price_minor AS "priceMinor", i.cost_minor AS "costMinor", i.version, i.retired_at IS NOT NULL AS retired,
  ARRAY(SELECT a.venue_id FROM item_availability a WHERE a.tenant_id = i.tenant_id AND a.item_id = i.id AND NOT a.available ORDER BY a.venue_id) AS "unavailableVenueIds",
  (SELECT count(*) FROM venue v WHERE v.tenant_id = i.tenant_id) AS "venueCount"`;

/** Items on the menu, retired ones left out, and how many there are in all. */
export const menuPage = async (
  sql: Sql,
  tenantId: string,
  { category, after, limit }: MenuPageQuery,
): Promise<{ rows: MenuRow[]; totalCount: number }> => {
  const where = "i.tenant_id = $1 AND i.retired_at IS NULL AND ($2::text IS NULL OR i.category = $2)";
  const { rows } = await sql.query<MenuRow>(
    `SELECT ${MENU_ROW} FROM item i WHERE ${where} AND ($3::text IS NULL OR (i.category, i.name, i.id) > ($3, $4, $5::uuid)) ORDER BY i.category, i.name, i.id LIMIT $6`,
    [tenantId, category, ...(after ?? [null, null, null]), limit],
  );
  const counted = await sql.query<{ count: number }>(`SELECT count(*) AS count FROM item i WHERE ${where}`, [tenantId, category]);
  return { rows, totalCount: counted.rows[0]?.count ?? 0 };
};

/** The items of these ids, retired ones too. */
export const itemsOf = async (sql: Sql, tenantId: string, ids: readonly string[]): Promise<MenuRow[]> =>
  (await sql.query<MenuRow>(`SELECT ${MENU_ROW} FROM item i WHERE i.tenant_id = $1 AND i.id = ANY($2::uuid[])`, [tenantId, ids])).rows;

/** Categories that have an item on the menu, in alphabetical order. */
export const menuCategories = async (sql: Sql, tenantId: string): Promise<string[]> =>
  (
    await sql.query<{ category: string }>(
      "SELECT DISTINCT category FROM item WHERE tenant_id = $1 AND retired_at IS NULL ORDER BY category",
      [tenantId],
    )
  ).rows.map((row) => row.category);

/** Which lines of an item's history: `limit` of them, newest first, older than the version `before` (null: from the newest). */
export interface HistoryQuery {
  itemId: string;
  before: number | null;
  limit: number;
}

/** Loads the price histories of many items with one statement. */
export const priceHistoryLoader = (sql: Sql, tenantId: string): DataLoader<HistoryQuery, PriceRow[], string> =>
  new DataLoader(
    async (queries) => {
      const { rows } = await sql.query<PriceRow & { position: number }>(
        `SELECT wanted.position, p.* FROM unnest($2::uuid[], $3::bigint[], $4::int[]) WITH ORDINALITY AS wanted(id, before, most, position) CROSS JOIN LATERAL (
         SELECT version, valid_from AS "validFrom", price_minor AS "priceMinor", cost_minor AS "costMinor", changed_by AS "changedBy" FROM item_price
         WHERE tenant_id = $1 AND item_id = wanted.id AND (wanted.before IS NULL OR version < wanted.before) ORDER BY version DESC LIMIT wanted.most) AS p`,
        [tenantId, queries.map((each) => each.itemId), queries.map((each) => each.before), queries.map((each) => each.limit)],
      );
      const byPosition = Map.groupBy(rows, (row) => row.position);
      return queries.map((_query, i) => byPosition.get(i + 1) ?? []);
    },
    { cacheKeyFn: ({ itemId, before, limit }) => `${itemId}.${before}.${limit}` },
  );
