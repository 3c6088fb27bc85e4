import type { Database } from "@kava/platform/database/database";
import type { Transaction } from "@kava/platform/database/sql";
import { appendToOutbox } from "@kava/platform/events/outbox";
import type { Habits } from "../domain/habits.js";
import { placeCustomer, type Segmentation } from "../domain/segmentation.js";

/** As many as an event of `customers.segmented` holds. */
const AT_A_TIME = 500;

interface MemberRow {
  id: string;
  habits: Habits;
  tastes: string[];
  home_venue_id: string | null;
  segment_id: string;
  provisional: boolean;
  outlier: boolean;
  segment_generation: number;
  version: number;
}
interface Placement {
  id: string;
  version: number;
  segmentId: string;
  provisional: boolean;
  outlier: boolean;
  moved: boolean;
  told: boolean;
}

/**
 * A walk over a chain's customers. `renamed`: segments whose name is new, so that their members are told as well. `isOutlier`: tells who fits no segment; null
 * where that is not known, and the marks stay.
 */
export interface Walk {
  tenantId: string;
  segmentation: Segmentation;
  renamed: ReadonlySet<string>;
  now: Date;
  isOutlier: ((habits: Habits, now: Date) => boolean) | null;
  progress: (done: number) => Promise<void>;
}

/**
 * Puts every customer into the segment that fits, a few hundred at a time, so that nobody waits: only the rows that change are written, and one
 * that a purchase has changed in between is left to it, or to a second look if that purchase still used the old centroids.
 */
export const placeMembers = async (database: Database, walk: Walk): Promise<void> => {
  let last = "00000000-0000-0000-0000-000000000000";
  let done = 0;
  for (;;) {
    const rows = await readMembers(database, walk.tenantId, "id > $2", last);
    if (rows.length === 0) break;
    await placeChunk(database, walk, rows);
    last = rows.at(-1)!.id;
    done += rows.length;
    await walk.progress(done);
  }
  for (;;) {
    const rows = await readMembers(database, walk.tenantId, "segment_generation < $2", walk.segmentation.generation);
    if (rows.length === 0) return;
    await placeChunk(database, walk, rows);
  }
};

const readMembers = async (database: Database, tenantId: string, condition: string, value: string | number): Promise<MemberRow[]> =>
  (
    await database.sql.query<MemberRow>(
      `SELECT id, habits, tastes, home_venue_id, segment_id, provisional, outlier, segment_generation, version FROM customer
   WHERE tenant_id = $1 AND ${condition} ORDER BY id LIMIT ${AT_A_TIME}`,
      [tenantId, value],
    )
  ).rows;

const placeChunk = async (database: Database, walk: Walk, rows: readonly MemberRow[]): Promise<void> => {
  const { segmentation, renamed, now, isOutlier } = walk;
  const placements = rows.flatMap((row): Placement[] => {
    const { segmentId, provisional } = placeCustomer(
      segmentation,
      { habits: row.habits, tastes: row.tastes, homeVenueId: row.home_venue_id },
      now,
    );
    const moved = segmentId !== row.segment_id;
    const outlier = isOutlier ? isOutlier(row.habits, now) : row.outlier;
    const isMarked = provisional === row.provisional && outlier === row.outlier;
    if (!moved && isMarked && row.segment_generation === segmentation.generation && !renamed.has(segmentId)) return [];
    const told = moved || renamed.has(segmentId) || row.segment_generation < 0;
    return [{ id: row.id, version: row.version, segmentId, provisional, outlier, moved, told }];
  });
  if (placements.length > 0) await database.transaction((tx) => write(tx, walk, placements));
};

const write = async (tx: Transaction, { tenantId, segmentation, now }: Walk, placements: readonly Placement[]): Promise<void> => {
  const { rows } = await tx.query<{ id: string; version: number }>(
    `UPDATE customer c SET segment_id = p.segment_id, provisional = p.provisional, outlier = p.outlier, segment_generation = $3, version = c.version + 1,
       segment_since = CASE WHEN c.segment_id <> p.segment_id THEN $4 ELSE c.segment_since END
     FROM unnest($2::uuid[], $5::bigint[], $6::uuid[], $7::boolean[], $8::boolean[]) AS p(id, version, segment_id, provisional, outlier)
     WHERE c.tenant_id = $1 AND c.id = p.id AND c.version = p.version RETURNING c.id, c.version`,
    [
      tenantId,
      placements.map((each) => each.id),
      segmentation.generation,
      now,
      placements.map((each) => each.version),
      placements.map((each) => each.segmentId),
      placements.map((each) => each.provisional),
      placements.map((each) => each.outlier),
    ],
  );
  const written = new Map(rows.map((row) => [row.id, row.version]));
  const told = placements.filter((each) => written.has(each.id) && each.told);
  if (told.length === 0) return;
  const moved = told.filter((each) => each.moved);
  await tx.query(
    `INSERT INTO segment_move (tenant_id, customer_id, at, segment_id, generation) SELECT $1, id, $2, segment_id, $3 FROM unnest($4::uuid[], $5::uuid[]) AS m(id, segment_id)
     ON CONFLICT (tenant_id, customer_id, at) DO UPDATE SET segment_id = excluded.segment_id, generation = excluded.generation`,
    [tenantId, now, segmentation.generation, moved.map((each) => each.id), moved.map((each) => each.segmentId)],
  );
  await appendToOutbox(tx, [
    {
      type: "customers.segmented",
      tenantId,
      aggregateId: tenantId,
      aggregateVersion: segmentation.generation,
      occurredAt: now,
      data: {
        members: told.map((each) => ({
          customerId: each.id,
          segmentId: each.segmentId,
          segmentName: segmentation.names.get(each.segmentId) ?? "",
          version: written.get(each.id)!,
        })),
      },
    },
  ]);
};
