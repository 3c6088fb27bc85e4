import { VenueRow } from "@kava/contracts/loading";
import type { Clock } from "@kava/platform/clock";
import type { Database } from "@kava/platform/database/database";
import type { Transaction } from "@kava/platform/database/sql";
import { appendToOutbox } from "@kava/platform/events/outbox";
import type { IndexedRow, Loader } from "@kava/platform/http/loading";
import type { Changed } from "../actor.js";
import { venueChanged } from "../facts.js";
import { digestOf, lastWords, loadBlocks, type BlockResult } from "./load.js";

interface StoredVenue {
  id: string;
  key: string;
  name: string;
  latitude: number | null;
  longitude: number | null;
  version: number;
  importDigest: string | null;
}

/** Loads venues. As with items, only what a row says anew changes a venue; a place that the row does not tell stays. */
export const venueLoader = (database: Database, clock: Clock, changed: Changed): Loader<VenueRow> => ({
  row: VenueRow,
  load: (tenantId, blocks) => loadBlocks(database, changed, tenantId, blocks, (tx, block) => loadBlock(tx, tenantId, clock(), block)),
});

const loadBlock = async (tx: Transaction, tenantId: string, now: Date, block: readonly IndexedRow<VenueRow>[]): Promise<BlockResult> => {
  const rows = lastWords(block);
  const stored = await storedVenues(
    tx,
    tenantId,
    rows.map(({ row }) => row),
  );
  const result: BlockResult = { added: 0, known: block.length - rows.length, rejected: [], eventIds: [] };
  const byId = new Map(stored.map((venue) => [venue.id, venue]));
  const holders = new Map(stored.map((venue) => [venue.key, venue.id]));
  const written: StoredVenue[] = [];
  for (const { index, row } of rows) {
    const present = byId.get(row.id);
    if ((holders.get(row.key) ?? row.id) !== row.id)
      result.rejected.push({ index, reason: `the key ${row.key} belongs to another venue already` });
    else if (halfAPlace(row)) result.rejected.push({ index, reason: "latitude and longitude go together: give both or neither" });
    else {
      holders.set(row.key, row.id);
      result[present ? "known" : "added"] += 1;
      const digest = digestOf(row);
      if (digest !== present?.importDigest) written.push(laidOver(present, row, digest));
    }
  }
  await write(tx, tenantId, written);
  const changed = written.filter((venue) => venue.version !== byId.get(venue.id)?.version);
  result.eventIds = await appendToOutbox(
    tx,
    changed.map((venue) => venueChanged({ ...venue, tenantId }, now)),
  );
  return result;
};

const halfAPlace = ({ latitude, longitude }: VenueRow): boolean => (latitude === null) !== (longitude === null);

const storedVenues = async (tx: Transaction, tenantId: string, rows: readonly VenueRow[]): Promise<StoredVenue[]> =>
  (
    await tx.query<StoredVenue>(
      `SELECT id, key, name, latitude, longitude, version, import_digest AS "importDigest" FROM venue
     WHERE tenant_id = $1 AND (id = ANY($2::uuid[]) OR key = ANY($3)) ORDER BY id FOR UPDATE`,
      [tenantId, rows.map((row) => row.id), rows.map((row) => row.key)],
    )
  ).rows;

const laidOver = (present: StoredVenue | undefined, row: VenueRow, importDigest: string): StoredVenue => {
  if (!present) return { ...row, version: 1, importDigest };
  const next = { key: row.key, name: row.name, latitude: row.latitude ?? present.latitude, longitude: row.longitude ?? present.longitude };
  const changed = next.name !== present.name || next.latitude !== present.latitude || next.longitude !== present.longitude;
  return { ...present, ...next, importDigest, version: present.version + (changed ? 1 : 0) };
};

const write = async (tx: Transaction, tenantId: string, venues: readonly StoredVenue[]): Promise<void> => {
  if (venues.length === 0) return;
  await tx.query(
    `INSERT INTO venue (tenant_id, id, key, name, latitude, longitude, version, import_digest)
     SELECT $1, id, key, name, latitude, longitude, version, "importDigest"
     FROM jsonb_to_recordset($2::jsonb) AS r(id uuid, key text, name text, latitude double precision, longitude double precision, version bigint, "importDigest" text)
     ON CONFLICT (tenant_id, id) DO UPDATE SET key = excluded.key, name = excluded.name, latitude = excluded.latitude, longitude = excluded.longitude,
       version = excluded.version, import_digest = excluded.import_digest`,
    [tenantId, JSON.stringify(venues)],
  );
};
