import type { Sql } from "@kava/platform/database/sql";
import type { Customer } from "../domain/customer.js";

/** In SQL and not through MikroORM: every visit reads a customer, and this takes a third of the time. */
export const customersById = async (sql: Sql, tenantId: string, ids: readonly string[]): Promise<Customer[]> => {
  if (ids.length === 0) return [];
  const { rows } = await sql.query<Customer>(
    `SELECT tenant_id AS "tenantId", id, external_id AS "externalId", display_name AS "displayName", email, joined_at AS "joinedAt", attributes, tastes,
       home_venue_id AS "homeVenueId", habits, purchase_count AS "purchaseCount", total_minor AS "totalMinor", last_at AS "lastAt", segment_id AS "segmentId",
       segment_since AS "segmentSince", provisional, outlier, version
     FROM customer WHERE tenant_id = $1 AND id = ANY($2::uuid[])`,
    [tenantId, ids],
  );
  return rows;
};
