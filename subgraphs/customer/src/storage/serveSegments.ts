import type { Transaction } from "@kava/platform/database/sql";
import { segmentIdOf, type SegmentModel } from "../domain/segmentation.js";
import { takeBack } from "./modelLife.js";

/** Puts a model into service if that of generation `before` still is: the segments that it has stand, the others are retired. Returns whether it did. */
export const serveSegments = async (
  tx: Transaction,
  tenantId: string,
  { before, generation, model, now }: { before: number; generation: number; model: SegmentModel; now: Date },
): Promise<boolean> => {
  const { rowCount } = await tx.query(
    "UPDATE segmentation SET generation = $3, model = $4, fitted_at = $5 WHERE tenant_id = $1 AND generation = $2",
    [tenantId, before, generation, JSON.stringify(model), now],
  );
  if (rowCount === 0) return false;
  const segments = model.segments.map((segment) => ({
    id: segmentIdOf(tenantId, segment.id),
    name: segment.name,
    description: segment.description,
    centroid: segment.centroid,
  }));
  await tx.query(
    `INSERT INTO segment (tenant_id, id, name, description, first_generation, centroid, created_at)
     SELECT $1, id, name, description, $2, centroid, $3 FROM jsonb_to_recordset($4::jsonb) AS s(id uuid, name text, description text, centroid jsonb)
     ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name, description = excluded.description, centroid = excluded.centroid, retired_at = NULL`,
    [tenantId, generation, now, JSON.stringify(segments)],
  );
  await tx.query(
    "UPDATE segment SET retired_at = $3 WHERE tenant_id = $1 AND id <> ALL($2::uuid[]) AND NOT newcomers AND retired_at IS NULL",
    [tenantId, segments.map((segment) => segment.id), now],
  );
  return true;
};

/**
 * Takes the segments in service out of it for good and puts those before them back, under a number of their own: everyone is to be placed again (the job
 * `place-segments`). A number that a segment had stays its own for ever, also one of the withdrawn. Throws when there are none before them.
 */
export const rollBackSegments = async (tx: Transaction, tenantId: string, now: Date): Promise<{ withdrawn: number; serving: number }> => {
  const { withdrawn, previous } = await takeBack<SegmentModel>(tx, "segments", tenantId);
  if (!previous) throw new Error("There are no segments before those in service: there is nothing to roll back to");
  const model = { ...previous.model, nextId: Math.max(previous.model.nextId, withdrawn.model.nextId) };
  await tx.query("UPDATE segmentation_history SET model = $3 WHERE tenant_id = $1 AND generation = $2", [
    tenantId,
    previous.generation,
    JSON.stringify(model),
  ]);
  const { generation } = previous;
  if (!(await serveSegments(tx, tenantId, { before: withdrawn.generation, generation, model, now })))
    throw new Error("The segments have been trained again in this moment: look at them (list) and try again");
  return { withdrawn: withdrawn.generation, serving: previous.was };
};
