import type { Clock } from "@kava/platform/clock";
import type { Database } from "@kava/platform/database/database";
import type { Sql, Transaction } from "@kava/platform/database/sql";
import type { TenantView } from "@kava/platform/views/tenants";
import { heldOutOf, type LifetimeFitted, type LifetimeInput } from "../domain/fitLifetime.js";
import {
  FEWEST_BUYERS,
  isFitDue,
  marginOf,
  MOST_BUYERS,
  pooledInsteadOf,
  type LifetimeModel,
  type Lifetimes,
  type Margin,
} from "../domain/lifetime.js";
import { verdictOnLifetime, type OnStep, type Verdict } from "../domain/modelLife.js";
import { drawBuyers, splitHistories } from "./heldOutHistories.js";
import { inService, keepModel, nextGeneration, noteShift, takeBack } from "./modelLife.js";
import { inTheBackground, Trainings, type Progress } from "@kava/platform/models/trainings";

/** The margin is looked up in this many of the last purchases. */
const MOST_PURCHASES = 20_000;

/** What a fit is made with. `fit` computes elsewhere than on the thread that answers requests. */
export interface LifetimeParts {
  database: Database;
  tenants: TenantView;
  trainings: Trainings;
  fit: (input: LifetimeInput, onStep: OnStep) => Promise<LifetimeFitted | null>;
  clock: Clock;
}

/** The lifetime parameters of each tenant: fitted from its buyers, judged, and kept; those in service are one row. */
export class LifetimeStore implements Lifetimes {
  constructor(private readonly parts: LifetimeParts) {}

  /** Null also for parameters in a form that this code does not know. */
  async model(tenantId: string): Promise<LifetimeModel | null> {
    const { rows } = await this.parts.database.sql.query<{ model: LifetimeModel }>(
      "SELECT model FROM lifetime_model WHERE tenant_id = $1",
      [tenantId],
    );
    return rows[0]?.model.format === 1 ? rows[0].model : null;
  }

  /** Fits, judges and keeps what was found; with too few buyers what is there stays. */
  async fit(tenantId: string, progress: Progress = async () => {}): Promise<void> {
    await this.parts.trainings.track(tenantId, "lifetime", (step) => this.#fit(tenantId, step), progress);
  }

  async isDue(tenantId: string): Promise<boolean> {
    const { rows } = await this.parts.database.sql.query<{ fittedAt: Date | null; buyers: number }>(
      `SELECT (SELECT max(fitted_at) FROM lifetime_history WHERE tenant_id = $1) AS "fittedAt",
         (SELECT count(*) FROM (SELECT FROM customer WHERE tenant_id = $1 AND purchase_count > 0 LIMIT $2) buyer) AS buyers`,
      [tenantId, FEWEST_BUYERS],
    );
    return isFitDue(rows[0]!, this.parts.clock());
  }

  /** Returns what came of it, in words. */
  async #fit(tenantId: string, progress: Progress): Promise<string> {
    const { database, fit, clock } = this.parts;
    const { sql } = database;
    const now = clock();
    await progress({ step: "reading purchases", done: 0, total: 1 });
    const drawn = await drawBuyers(sql, tenantId, MOST_BUYERS);
    if (drawn.length < FEWEST_BUYERS) return `there are fewer than ${FEWEST_BUYERS} buyers: what is in service stays`;
    const heldOut = heldOutOf(drawn, now.getTime());
    const buyers = await splitHistories(sql, tenantId, drawn, heldOut, (done, total) =>
      progress({ step: "reading purchases", done, total }),
    );
    const [margin, model, serving] = [await this.#margin(tenantId), await this.model(tenantId), await inService(sql, "lifetime", tenantId)];
    const steps = inTheBackground(progress);
    const fitted = await fit(
      { buyers, heldOut, now: now.getTime(), margin, inService: model, learnedInService: serving?.learned ?? null },
      steps.note,
    );
    await steps.settled();
    if (!fitted) return "nobody has paid anything: what is in service stays";
    if (fitted.shiftInService) await noteShift(sql, "lifetime", tenantId, fitted.shiftInService, now);
    const verdict = verdictOnLifetime(fitted.comparison, model && serving);
    await database.transaction((tx) => keepFitted(tx, tenantId, { fitted, verdict, margin, now, isFirst: model === null }));
    return verdict.promoted
      ? `in service${verdict.reasons.map((reason) => `; ${reason}`).join("")}`
      : `refused: ${verdict.reasons.join("; ")}`;
  }

  async #margin(tenantId: string): Promise<Margin> {
    const { rows } = await this.parts.database.sql.query<{ paidMinor: number; costMinor: number }>(
      `SELECT coalesce(sum(line."paidMinor"), 0)::float8 AS "paidMinor", coalesce(sum(line.quantity * item.cost_minor), 0)::float8 AS "costMinor"
       FROM (SELECT lines FROM purchase WHERE tenant_id = $1 ORDER BY at DESC LIMIT $2) recent
       CROSS JOIN LATERAL jsonb_to_recordset(recent.lines) AS line("itemId" uuid, quantity float8, "paidMinor" float8)
       JOIN item_view item ON item.tenant_id = $1 AND item.item_id = line."itemId" AND item.cost_minor IS NOT NULL`,
      [tenantId, MOST_PURCHASES],
    );
    return marginOf(rows[0]!, await this.parts.tenants.required(tenantId));
  }
}

/**
 * Keeps the model and puts it into service if it was promoted. Where it was refused and there is none before it, what is known of other chains serves. The margin is
 * no model but a measurement: what serves always has the latest.
 */
const keepFitted = async (
  tx: Transaction,
  tenantId: string,
  { fitted, verdict, margin, now, isFirst }: { fitted: LifetimeFitted; verdict: Verdict; margin: Margin; now: Date; isFirst: boolean },
): Promise<void> => {
  const generation = await nextGeneration(tx, "lifetime", tenantId);
  const { model, pooled, comparison, learned, shift } = fitted;
  await keepModel(tx, "lifetime", tenantId, { generation, fittedAt: now, model, comparison, verdict, learned, shift });
  if (verdict.promoted) return serve(tx, tenantId, model, now);
  if (!isFirst) {
    await tx.query("UPDATE lifetime_model SET model = model || $2::jsonb WHERE tenant_id = $1", [tenantId, JSON.stringify(margin)]);
    return;
  }
  const instead = { promoted: true, reasons: ["only what other chains are like: the first model was refused"] };
  await keepModel(tx, "lifetime", tenantId, {
    generation: generation + 1,
    fittedAt: now,
    model: pooled,
    comparison: null,
    verdict: instead,
    learned,
    shift,
  });
  await serve(tx, tenantId, pooled, now);
};

const serve = async (sql: Sql, tenantId: string, model: LifetimeModel, fittedAt: Date): Promise<void> => {
  await sql.query(
    `INSERT INTO lifetime_model (tenant_id, model, fitted_at) VALUES ($1, $2, $3)
     ON CONFLICT (tenant_id) DO UPDATE SET model = excluded.model, fitted_at = excluded.fitted_at`,
    [tenantId, JSON.stringify(model), fittedAt],
  );
};

/**
 * Takes the parameters in service out of it for good and puts those before them back, with today's margin; where there are none, what is known of other chains.
 * Returns the numbers of both; `serving` is null for the latter. Throws when nothing is in service.
 */
export const rollBackLifetime = async (
  tx: Transaction,
  tenantId: string,
  now: Date,
): Promise<{ withdrawn: number; serving: number | null }> => {
  const { withdrawn, previous } = await takeBack<LifetimeModel>(tx, "lifetime", tenantId);
  const { rows } = await tx.query<{ model: LifetimeModel }>("SELECT model FROM lifetime_model WHERE tenant_id = $1", [tenantId]);
  const { marginShare, marginFrom } = rows[0]?.model ?? withdrawn.model;
  const model = { ...(previous?.model ?? pooledInsteadOf(withdrawn.model)), marginShare, marginFrom };
  await serve(tx, tenantId, model, previous?.fittedAt ?? now);
  return { withdrawn: withdrawn.generation, serving: previous?.was ?? null };
};
