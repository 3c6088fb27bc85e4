import type { DomainEvent } from "@kava/contracts/events";
import type { Database } from "@kava/platform/database/database";
import type { Sql } from "@kava/platform/database/sql";

/** Analytics' view of the venues, from `menu.venue.changed`. */
export class Venues {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  async keep(tx: Sql, { tenantId, aggregateVersion, data }: DomainEvent<"menu.venue.changed">): Promise<void> {
    await tx.query(
      `INSERT INTO venue_view (tenant_id, venue_id, version, name) VALUES ($1, $2, $3, $4)
       ON CONFLICT (tenant_id, venue_id) DO UPDATE SET version = excluded.version, name = excluded.name WHERE venue_view.version < excluded.version`,
      [tenantId, data.venueId, aggregateVersion, data.name],
    );
  }

  async ids(tenantId: string): Promise<string[]> {
    const { rows } = await this.#database.sql.query<{ id: string }>("SELECT venue_id AS id FROM venue_view WHERE tenant_id = $1", [
      tenantId,
    ]);
    return rows.map((row) => row.id);
  }
}
