import type { DomainEvent } from "@kava/contracts/events";
import type { Sql } from "@kava/platform/database/sql";

/** Keeps what is newer of a venue: its name, and that it is there. */
export const keepVenue = async (
  tx: Sql,
  event: Pick<DomainEvent<"menu.venue.changed">, "tenantId" | "aggregateVersion" | "data">,
): Promise<void> => {
  await tx.query(
    `INSERT INTO venue_view (tenant_id, venue_id, version, name) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant_id, venue_id) DO UPDATE SET version = excluded.version, name = excluded.name WHERE venue_view.version < excluded.version`,
    [event.tenantId, event.data.venueId, event.aggregateVersion, event.data.name],
  );
};

/** Which of these venues the chain has. */
export const knownVenues = async (sql: Sql, tenantId: string, ids: readonly string[]): Promise<Set<string>> => {
  const { rows } = await sql.query<{ id: string }>(
    "SELECT venue_id AS id FROM venue_view WHERE tenant_id = $1 AND venue_id = ANY($2::uuid[])",
    [tenantId, ids],
  );
  return new Set(rows.map((row) => row.id));
};
