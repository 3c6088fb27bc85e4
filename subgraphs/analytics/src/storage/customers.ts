import type { Database } from "@kava/platform/database/database";
import type { Sql } from "@kava/platform/database/sql";

/** What recommendations must know of a customer beside their purchases. */
export interface CustomerFacts {
  customerId: string;
  joinedAt: string;
  homeVenueId: string | null;
  tastes: readonly string[];
}

/** Analytics' view of the customers, from `customer.registered` and from loads. */
export class Customers {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /** Keeps them; those that are known stay as they are. */
  async keep(tx: Sql, tenantId: string, customers: readonly CustomerFacts[]): Promise<void> {
    await tx.query(
      `INSERT INTO customer_view (tenant_id, customer_id, joined_at, home_venue_id, tastes)
       SELECT $1, id, joined, venue, tastes FROM jsonb_to_recordset($2::jsonb) AS c(id uuid, joined timestamptz, venue uuid, tastes text[])
       ON CONFLICT DO NOTHING`,
      [
        tenantId,
        JSON.stringify(
          customers.map((each) => ({ id: each.customerId, joined: each.joinedAt, venue: each.homeVenueId, tastes: each.tastes })),
        ),
      ],
    );
  }

  /** Of these customers, home venue and declared tastes; who is unknown is missing from the map. */
  async byIds(tenantId: string, ids: readonly string[]): Promise<Map<string, { homeVenueId: string | null; tastes: string[] }>> {
    const { rows } = await this.#database.sql.query<{ id: string; homeVenueId: string | null; tastes: string[] }>(
      `SELECT customer_id AS id, home_venue_id AS "homeVenueId", tastes FROM customer_view WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[])`,
      [tenantId, ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Declared tastes of all who declared any. */
  async tastes(tenantId: string): Promise<[customerId: string, tastes: string[]][]> {
    const { rows } = await this.#database.sql.query<{ id: string; tastes: string[] }>(
      "SELECT customer_id AS id, tastes FROM customer_view WHERE tenant_id = $1 AND tastes <> '{}'",
      [tenantId],
    );
    return rows.map((row) => [row.id, row.tastes]);
  }
}
