import { Migration } from "@mikro-orm/migrations";
import type { DomainEvent } from "@kava/contracts/events";
import type { MigrationClass } from "../database/database.js";
import type { Sql } from "../database/sql.js";

/** A menu item as another subgraph knows it, from `menu.item.priced`. Money in minor units. */
export interface ItemFacts {
  id: string;
  sku: string;
  name: string;
  category: string;
  priceMinor: number;
  costMinor: number | null;
  retired: boolean;
  unavailableVenueIds: string[];
  version: number;
}

class ItemViewTable extends Migration {
  override up(): void {
    this.addSql(`CREATE TABLE item_view (
      tenant_id uuid NOT NULL, item_id uuid NOT NULL, version bigint NOT NULL, sku text NOT NULL, name text NOT NULL, category text NOT NULL,
      price_minor bigint NOT NULL, cost_minor bigint, retired boolean NOT NULL, unavailable_venue_ids uuid[] NOT NULL, PRIMARY KEY (tenant_id, item_id))`);
  }
}

/** Add it to the migrations of a service that keeps this view. */
export const ITEM_VIEW_MIGRATION: Record<string, MigrationClass> = { "0002_item_view": ItemViewTable };

const COLUMNS = `item_id AS id, sku, name, category, price_minor AS "priceMinor", cost_minor AS "costMinor", retired, unavailable_venue_ids AS "unavailableVenueIds", version`;

/** Keeps what is newer; returns what was there before (undefined the first time) and whether anything was kept. */
export const keepItem = async (
  tx: Sql,
  event: Pick<DomainEvent<"menu.item.priced">, "tenantId" | "aggregateVersion" | "data">,
): Promise<{ before: ItemFacts | undefined; kept: boolean }> => {
  const before = (await itemsById(tx, event.tenantId, [event.data.itemId])).get(event.data.itemId);
  const { data } = event;
  const { rowCount } = await tx.query(
    `INSERT INTO item_view (tenant_id, item_id, version, sku, name, category, price_minor, cost_minor, retired, unavailable_venue_ids)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (tenant_id, item_id) DO UPDATE SET version = excluded.version, sku = excluded.sku, name = excluded.name, category = excluded.category,
       price_minor = excluded.price_minor, cost_minor = excluded.cost_minor, retired = excluded.retired, unavailable_venue_ids = excluded.unavailable_venue_ids
     WHERE item_view.version < excluded.version`,
    [
      event.tenantId,
      data.itemId,
      event.aggregateVersion,
      data.sku,
      data.name,
      data.category,
      data.priceMinor,
      data.costMinor,
      data.retired,
      data.unavailableVenueIds,
    ],
  );
  return { before, kept: rowCount === 1 };
};

/** The items of these ids; those that are unknown are missing from the map. */
export const itemsById = async (sql: Sql, tenantId: string, ids: readonly string[]): Promise<Map<string, ItemFacts>> => {
  const { rows } = await sql.query<ItemFacts>(`SELECT ${COLUMNS} FROM item_view WHERE tenant_id = $1 AND item_id = ANY($2::uuid[])`, [
    tenantId,
    ids,
  ]);
  return new Map(rows.map((row) => [row.id, row]));
};

/** Every item of the tenant, retired ones included. */
export const allItems = async (sql: Sql, tenantId: string): Promise<ItemFacts[]> =>
  (await sql.query<ItemFacts>(`SELECT ${COLUMNS} FROM item_view WHERE tenant_id = $1 ORDER BY sku`, [tenantId])).rows;
