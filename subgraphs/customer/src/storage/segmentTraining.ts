import type { Clock } from "@kava/platform/clock";
import type { Database } from "@kava/platform/database/database";
import type { Sql } from "@kava/platform/database/sql";
import type { TenantView } from "@kava/platform/views/tenants";
import type { Habits } from "../domain/habits.js";
import { verdictOnSegments, type OnStep, type Verdict } from "../domain/modelLife.js";
import {
  FEWEST_BUYERS,
  MOST_BUYERS,
  outlierTest,
  profileForTraining,
  segmentationOf,
  whatIsDue,
  type CustomerProfile,
  type Segmentation,
  type Trained,
  type TrainingInput,
} from "../domain/segmentation.js";
import { inService, keepModel, nextGeneration, noteShift } from "./modelLife.js";
import { placeMembers } from "./placeMembers.js";
import type { SegmentationStore } from "./segmentationStore.js";
import { serveSegments } from "./serveSegments.js";
import { inTheBackground, Trainings, type Progress } from "@kava/platform/models/trainings";
import { readUsualRegion, writeUsualRegion } from "./usualRegions.js";

const PAGE = 2_000;

/** What a training is made with. `fit` computes elsewhere than on the thread that answers requests. */
export interface TrainingParts {
  database: Database;
  tenants: TenantView;
  segmentations: SegmentationStore;
  trainings: Trainings;
  fit: (input: TrainingInput, onStep: OnStep) => Promise<Trained>;
  clock: Clock;
  wakeOutbox: () => void;
}

/** Trains the segments of a tenant and puts everyone into theirs. Requests go on meanwhile with the model that is in service. */
export class SegmentTraining {
  constructor(private readonly parts: TrainingParts) {}

  /** Trains when there are enough buyers, judges what was found, then places everyone by what is in service. */
  async train(tenantId: string, progress: Progress = async () => {}): Promise<void> {
    await this.parts.trainings.track(tenantId, "segments", (step) => this.#train(tenantId, step), progress);
  }

  /** Places everyone by the model in service. */
  async place(tenantId: string, progress: Progress = async () => {}): Promise<void> {
    await this.#place(await this.parts.segmentations.current(tenantId), new Set(), progress);
  }

  async due(tenantId: string): Promise<"train" | "place" | "nothing"> {
    const { database, clock } = this.parts;
    const { rows } = await database.sql.query<{ fittedAt: Date | null; placedAt: Date | null; buyers: number; boughtSince: number }>(
      `SELECT t.at AS "fittedAt", s.placed_at AS "placedAt", count(c.last_at) AS buyers, count(*) FILTER (WHERE c.last_at > t.at) AS "boughtSince"
       FROM segmentation s LEFT JOIN customer c USING (tenant_id)
       CROSS JOIN LATERAL (SELECT greatest(s.fitted_at, max(h.fitted_at)) AS at FROM segmentation_history h WHERE h.tenant_id = s.tenant_id) t
       WHERE s.tenant_id = $1 GROUP BY s.tenant_id, t.at`,
      [tenantId],
    );
    return rows[0] ? whatIsDue(rows[0], clock()) : "nothing";
  }

  /** Returns what came of it, in words. */
  async #train(tenantId: string, progress: Progress): Promise<string> {
    const { database, tenants, segmentations, fit, clock } = this.parts;
    const now = clock();
    await progress({ step: "reading buyers", done: 0, total: 1 });
    const before = await segmentations.current(tenantId);
    const profiles = await this.#buyers(tenantId, now);
    if (profiles.length < FEWEST_BUYERS) {
      await this.#place(before, new Set(), progress);
      return `there are fewer than ${FEWEST_BUYERS} buyers: what is in service stays`;
    }
    const { currency, minorDigits } = await tenants.required(tenantId);
    const learnedInService = (await inService(database.sql, "segments", tenantId))?.learned ?? null;
    const steps = inTheBackground(progress);
    const trained = await fit({ profiles, previous: before.model, money: { currency, minorDigits }, learnedInService }, steps.note);
    await steps.settled();
    if (trained.shiftInService) await noteShift(database.sql, "segments", tenantId, trained.shiftInService, now);
    const verdict = verdictOnSegments(trained.comparison);
    const after = await this.#keep(before, trained, verdict, now);
    if (after === null) return "another training was faster: its segments stay";
    await this.#place(after, renamedSince(before, after), progress);
    return verdict.promoted
      ? `in service${verdict.reasons.map((reason) => `; ${reason}`).join("")}`
      : `refused: ${verdict.reasons.join("; ")}`;
  }

  /** Keeps what was trained; returns what serves then: the new segments or, if they were refused, those before. Null when others were put into service meanwhile. */
  async #keep(before: Segmentation, trained: Trained, verdict: Verdict, now: Date): Promise<Segmentation | null> {
    const { tenantId } = before;
    const { model, usual, comparison, learned, shift } = trained;
    return this.parts.database.transaction(async (tx) => {
      const generation = await nextGeneration(tx, "segments", tenantId);
      if (verdict.promoted && !(await serveSegments(tx, tenantId, { before: before.generation, generation, model, now }))) return null;
      await keepModel(tx, "segments", tenantId, { generation, fittedAt: now, model, comparison, verdict, learned, shift });
      if (!verdict.promoted) return before;
      await writeUsualRegion(tx, tenantId, generation, usual);
      return segmentationOf(tenantId, generation, model);
    });
  }

  async #place(segmentation: Segmentation, renamed: ReadonlySet<string>, progress: Progress): Promise<void> {
    const { database, segmentations, clock, wakeOutbox } = this.parts;
    const { tenantId, generation } = segmentation;
    const now = clock();
    const total = (await database.sql.query<{ count: number }>("SELECT count(*) FROM customer WHERE tenant_id = $1", [tenantId])).rows[0]!
      .count;
    const usual = await readUsualRegion(database.sql, tenantId, generation);
    await placeMembers(database, {
      tenantId,
      segmentation,
      renamed,
      now,
      isOutlier: usual && outlierTest(usual),
      progress: (done) => progress({ step: "placing everyone", done, total }),
    });
    await database.sql.query("UPDATE segmentation SET placed_at = $2 WHERE tenant_id = $1", [tenantId, now]);
    await segmentations.forget(tenantId);
    wakeOutbox();
  }

  /** The profiles of the buyers, or of an even draw of them: by a hash of the id, so that the same are drawn again. */
  async #buyers(tenantId: string, now: Date): Promise<CustomerProfile[]> {
    const { sql } = this.parts.database;
    const drawn = await drawnIds(sql, tenantId);
    const profiles: CustomerProfile[] = [];
    for (let from = 0; from < drawn.length; from += PAGE) {
      const { rows } = await sql.query<{ habits: Habits }>(
        "SELECT habits FROM customer WHERE tenant_id = $1 AND id = ANY($2::uuid[]) ORDER BY id",
        [tenantId, drawn.slice(from, from + PAGE)],
      );
      profiles.push(...rows.flatMap(({ habits }) => profileForTraining(habits, now) ?? []));
    }
    return profiles;
  }
}

const drawnIds = async (sql: Sql, tenantId: string): Promise<string[]> =>
  (
    await sql.query<{ id: string }>("SELECT id FROM customer WHERE tenant_id = $1 AND purchase_count > 0 ORDER BY md5(id::text) LIMIT $2", [
      tenantId,
      MOST_BUYERS,
    ])
  ).rows.map((row) => row.id);

/** Segments that both have, under another name: their members are to be told. */
const renamedSince = (before: Segmentation, after: Segmentation): ReadonlySet<string> =>
  new Set([...after.names].filter(([id, name]) => before.names.has(id) && before.names.get(id) !== name).map(([id]) => id));
