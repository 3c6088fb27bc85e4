import type { Sql } from "@kava/platform/database/sql";
import type { Cell } from "../domain/nearest.js";

/** A venue as the graph shows it; plain values, so that it can be cached. */
export interface VenueRow {
  id: string;
  name: string;
  latitude: number | null;
  longitude: number | null;
  version: number;
}

/** A venue that has a place. */
export interface PlacedVenueRow extends VenueRow {
  latitude: number;
  longitude: number;
}

const VENUE_ROW = "id, name, latitude, longitude, version";

/** The venues of these ids. */
export const venuesOf = async (sql: Sql, tenantId: string, ids: readonly string[]): Promise<VenueRow[]> =>
  (await sql.query<VenueRow>(`SELECT ${VENUE_ROW} FROM venue WHERE tenant_id = $1 AND id = ANY($2::uuid[])`, [tenantId, ids])).rows;

/** A page of all venues in the order name, id. */
export const venuePage = async (
  sql: Sql,
  tenantId: string,
  after: readonly [name: string, id: string] | null,
  limit: number,
): Promise<VenueRow[]> =>
  (
    await sql.query<VenueRow>(
      `SELECT ${VENUE_ROW} FROM venue WHERE tenant_id = $1 AND ($2::text IS NULL OR (name, id) > ($2, $3::uuid)) ORDER BY name, id LIMIT $4`,
      [tenantId, ...(after ?? [null, null]), limit],
    )
  ).rows;

/** A metre on PostgreSQL's earth, radians: what rounding of its distances may take. */
const SLACK_RADIANS = 1.6e-7;

/**
 * Every venue that can be among the `count` nearest of any point of the cell: those within d + 2r of its centre (see `nearest` for why),
 * d being the way to the `count`-th nearest. Both steps use the GiST index over tenant and place.
 */
export const candidatesOf = async (sql: Sql, tenantId: string, { centre, radius }: Cell, count: number): Promise<PlacedVenueRow[]> =>
  (
    await sql.query<PlacedVenueRow>(
      `WITH nearest AS MATERIALIZED (
       SELECT sec_to_gc(ll_to_earth(latitude, longitude) <-> ll_to_earth($2, $3)) AS way FROM venue
       WHERE tenant_id = $1 AND latitude IS NOT NULL ORDER BY ll_to_earth(latitude, longitude) <-> ll_to_earth($2, $3) LIMIT $4)
     SELECT ${VENUE_ROW} FROM venue WHERE tenant_id = $1 AND latitude IS NOT NULL
       AND earth_box(ll_to_earth($2, $3), (SELECT max(way) FROM nearest) + $5 * earth()) @> ll_to_earth(latitude, longitude)`,
      [tenantId, centre.latitude, centre.longitude, count, 2 * radius + SLACK_RADIANS],
    )
  ).rows;
