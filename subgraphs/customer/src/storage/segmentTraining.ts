import type { Clock } from "@kava/platform/clock";
import type { Database } from "@kava/platform/database/database";
import type { Transaction } from "@kava/platform/database/sql";
import type { TenantView } from "@kava/platform/views/tenants";
import type { Habits } from "../domain/habits.js";
import {
  FEWEST_BUYERS,
  MOST_BUYERS,
  profileForTraining,
  segmentationOf,
  segmentIdOf,
  whatIsDue,
  type CustomerProfile,
  type Segmentation,
  type Trained,
  type TrainingInput,
} from "../domain/segmentation.js";
import { markOutliers } from "./markOutliers.js";
import { placeMembers } from "./placeMembers.js";
import type { SegmentationStore } from "./segmentationStore.js";

const PAGE = 2_000;
const MODELS_KEPT = 5;

/** What a training is made with. `fit` computes elsewhere than on the thread that answers requests. */
export interface TrainingParts {
  database: Database;
  tenants: TenantView;
  segmentations: SegmentationStore;
  fit: (input: TrainingInput) => Promise<Trained>;
  clock: Clock;
  wakeOutbox: () => void;
}
type Progress = (done: number, total: number) => Promise<void>;

/** Trains the segments of a tenant and puts everyone into theirs. Requests go on meanwhile with the model that is in service. */
export class SegmentTraining {
  constructor(private readonly parts: TrainingParts) {}

  /** Trains when there are enough buyers, then places everyone. */
  async train(tenantId: string, progress: Progress = async () => {}): Promise<void> {
    const { database, tenants, segmentations, fit, clock } = this.parts;
    const now = clock();
    const before = await segmentations.current(tenantId);
    const { ids, profiles } = await this.#buyers(tenantId, now);
    if (profiles.length < FEWEST_BUYERS) return this.#place(before, new Set(), progress);
    const { currency, minorDigits } = await tenants.required(tenantId);
    const { model, outliers } = await fit({ profiles, previous: before.model, money: { currency, minorDigits } });
    const after = segmentationOf(tenantId, before.generation + 1, model);
    const isOurs = await database.transaction(async (tx) => {
      if (!(await writeModel(tx, before, after, now))) return false;
      await markOutliers(
        tx,
        tenantId,
        outliers.map((index) => ids[index]!),
      );
      return true;
    });
    if (!isOurs) return; // another instance has trained in the meantime
    const renamed = new Set(
      [...after.names].filter(([id, name]) => before.names.has(id) && before.names.get(id) !== name).map(([id]) => id),
    );
    await this.#place(after, renamed, progress);
  }

  /** Places everyone by the model in service. */
  async place(tenantId: string, progress: Progress = async () => {}): Promise<void> {
    await this.#place(await this.parts.segmentations.current(tenantId), new Set(), progress);
  }

  async due(tenantId: string): Promise<"train" | "place" | "nothing"> {
    const { database, clock } = this.parts;
    const { rows } = await database.sql.query<{ fittedAt: Date | null; placedAt: Date | null; buyers: number; boughtSince: number }>(
      `SELECT s.fitted_at AS "fittedAt", s.placed_at AS "placedAt", count(c.last_at) AS buyers, count(*) FILTER (WHERE c.last_at > s.fitted_at) AS "boughtSince"
       FROM segmentation s LEFT JOIN customer c USING (tenant_id) WHERE s.tenant_id = $1 GROUP BY s.tenant_id`,
      [tenantId],
    );
    return rows[0] ? whatIsDue(rows[0], clock()) : "nothing";
  }

  async #place(segmentation: Segmentation, renamed: ReadonlySet<string>, progress: Progress): Promise<void> {
    const { database, segmentations, clock, wakeOutbox } = this.parts;
    const { tenantId } = segmentation;
    const now = clock();
    const total = (await database.sql.query<{ count: number }>("SELECT count(*) FROM customer WHERE tenant_id = $1", [tenantId])).rows[0]!
      .count;
    await placeMembers(database, { tenantId, segmentation, renamed, now, progress: (done) => progress(done, total) });
    await database.sql.query("UPDATE segmentation SET placed_at = $2 WHERE tenant_id = $1", [tenantId, now]);
    await segmentations.forget(tenantId);
    wakeOutbox();
  }

  /** The buyers, or an even draw of them: by a hash of the id, so that the same are drawn again. Of each the id and, at its index, the profile. */
  async #buyers(tenantId: string, now: Date): Promise<{ ids: string[]; profiles: CustomerProfile[] }> {
    const { rows: drawn } = await this.parts.database.sql.query<{ id: string }>(
      "SELECT id FROM customer WHERE tenant_id = $1 AND purchase_count > 0 ORDER BY md5(id::text) LIMIT $2",
      [tenantId, MOST_BUYERS],
    );
    const ids: string[] = [];
    const profiles: CustomerProfile[] = [];
    for (let from = 0; from < drawn.length; from += PAGE) {
      const { rows } = await this.parts.database.sql.query<{ id: string; habits: Habits }>(
        "SELECT id, habits FROM customer WHERE tenant_id = $1 AND id = ANY($2::uuid[]) ORDER BY id",
        [tenantId, drawn.slice(from, from + PAGE).map((row) => row.id)],
      );
      for (const { id, habits } of rows) {
        const profile = profileForTraining(habits, now);
        if (profile === null) continue;
        ids.push(id);
        profiles.push(profile);
      }
    }
    return { ids, profiles };
  }
}

/** Puts a model into service if the one that it was trained after still is. */
const writeModel = async (tx: Transaction, before: Segmentation, after: Segmentation, now: Date): Promise<boolean> => {
  const { tenantId, generation, model } = after;
  const { rowCount } = await tx.query(
    "UPDATE segmentation SET generation = $3, model = $4, fitted_at = $5 WHERE tenant_id = $1 AND generation = $2",
    [tenantId, before.generation, generation, JSON.stringify(model), now],
  );
  if (rowCount === 0) return false;
  const segments = model!.segments.map((segment) => ({
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
  await tx.query("INSERT INTO segmentation_history (tenant_id, generation, model, fitted_at) VALUES ($1, $2, $3, $4)", [
    tenantId,
    generation,
    JSON.stringify(model),
    now,
  ]);
  await tx.query("DELETE FROM segmentation_history WHERE tenant_id = $1 AND generation <= $2", [tenantId, generation - MODELS_KEPT]);
  return true;
};
