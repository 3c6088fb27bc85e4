import type { Database } from "@kava/platform/database/database";
import type { Sql } from "@kava/platform/database/sql";

/** What recommendations must know of a customer beside their purchases. */
export interface CustomerFacts {
  customerId: string;
  joinedAt: string;
  homeVenueId: string | null;
  tastes: readonly string[];
}

/** What a customer declares now; `version` is the customer's. */
export interface CustomerProfile {
  customerId: string;
  version: number;
  homeVenueId: string | null;
  tastes: readonly string[];
}

/** Analytics' view of the customers, from `customer.registered`, `customer.profiled` and from loads. */
export class Customers {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /** Keeps them; of those that are known only the day they joined, where a change of their profile came first. */
  async keep(tx: Sql, tenantId: string, customers: readonly CustomerFacts[]): Promise<void> {
    await tx.query(
      `INSERT INTO customer_view (tenant_id, customer_id, joined_at, home_venue_id, tastes)
       SELECT DISTINCT ON (id) $1, id, joined, venue, tastes FROM jsonb_to_recordset($2::jsonb) AS c(id uuid, joined timestamptz, venue uuid, tastes text[]) ORDER BY id
       ON CONFLICT (tenant_id, customer_id) DO UPDATE SET joined_at = excluded.joined_at WHERE customer_view.joined_at IS NULL`,
      [
        tenantId,
        JSON.stringify(
          customers.map((each) => ({ id: each.customerId, joined: each.joinedAt, venue: each.homeVenueId, tastes: each.tastes })),
        ),
      ],
    );
  }

  /** Keeps what they declare now, unless a later version of them is known. Returns the customers whose row became another. */
  async change(tx: Sql, tenantId: string, profiles: readonly CustomerProfile[]): Promise<string[]> {
    const { rows } = await tx.query<{ id: string }>(
      `INSERT INTO customer_view AS c (tenant_id, customer_id, home_venue_id, tastes, version)
       SELECT DISTINCT ON (id) $1, id, venue, tastes, version FROM jsonb_to_recordset($2::jsonb) AS p(id uuid, venue uuid, tastes text[], version bigint) ORDER BY id, version DESC
       ON CONFLICT (tenant_id, customer_id) DO UPDATE SET home_venue_id = excluded.home_venue_id, tastes = excluded.tastes, version = excluded.version
       WHERE c.version < excluded.version RETURNING c.customer_id AS id`,
      [
        tenantId,
        JSON.stringify(
          profiles.map((each) => ({ id: each.customerId, venue: each.homeVenueId, tastes: each.tastes, version: each.version })),
        ),
      ],
    );
    return rows.map(({ id }) => id);
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
