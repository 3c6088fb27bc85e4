import type { Sql } from "@kava/platform/database/sql";
import { appendToOutbox } from "@kava/platform/events/outbox";
import type { Profile } from "../domain/registration.js";
import { placeCustomer, type Segmentation } from "../domain/segmentation.js";
import { customerOf, type CustomerRow } from "./customerEntity.js";

/** Whether a change says other tastes or another home venue than are known: what recommendations, offers and a first segment are made from. */
export const isDeclaredAnew = (row: CustomerRow, { tastes, homeVenueId }: Partial<Profile>): boolean =>
  (tastes !== undefined && JSON.stringify(tastes) !== JSON.stringify(row.tastes)) ||
  (homeVenueId !== undefined && homeVenueId !== (row.homeVenueId ?? null));

/**
 * Places a customer again who is in a segment for what they declared, and tells the others of the changed row, in the caller's transaction. The row
 * has its new version; the caller writes it.
 */
export const tellProfile = async (tx: Sql, row: CustomerRow, segmentation: Segmentation, now: Date): Promise<void> => {
  if (row.provisional) await placeAgain(tx, row, segmentation, now);
  const name = segmentation.names.get(row.segmentId);
  await appendToOutbox(tx, [
    {
      type: "customer.profiled",
      tenantId: row.tenantId,
      aggregateId: row.id,
      aggregateVersion: row.version,
      occurredAt: now,
      data: {
        customerId: row.id,
        tastes: row.tastes,
        homeVenueId: row.homeVenueId ?? null,
        segment: name === undefined ? null : { id: row.segmentId, name },
      },
    },
  ]);
};

const placeAgain = async (tx: Sql, row: CustomerRow, segmentation: Segmentation, now: Date): Promise<void> => {
  const { segmentId, provisional } = placeCustomer(segmentation, customerOf(row), now);
  row.provisional = provisional;
  row.segmentGeneration = segmentation.generation;
  if (segmentId === row.segmentId) return;
  row.segmentId = segmentId;
  row.segmentSince = now;
  await tx.query(
    `INSERT INTO segment_move (tenant_id, customer_id, at, segment_id, generation) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_id, customer_id, at) DO UPDATE SET segment_id = excluded.segment_id, generation = excluded.generation`,
    [row.tenantId, row.id, now, segmentId, segmentation.generation],
  );
};
