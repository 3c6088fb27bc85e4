import type { Clock } from "@kava/platform/clock";
import type { Database } from "@kava/platform/database/database";
import type { TenantView } from "@kava/platform/views/tenants";
import {
  FEWEST_BUYERS,
  isFitDue,
  marginOf,
  MOST_BUYERS,
  type LifetimeInput,
  type LifetimeModel,
  type Lifetimes,
} from "../domain/lifetime.js";

/** The margin is looked up in this many of the last purchases. */
const MOST_PURCHASES = 20_000;

/** What a fit is made with. `fit` computes elsewhere than on the thread that answers requests. */
export interface LifetimeParts {
  database: Database;
  tenants: TenantView;
  fit: (input: LifetimeInput) => Promise<LifetimeModel | null>;
  clock: Clock;
}

/** The lifetime parameters of each tenant: fitted from its buyers, kept as one row. */
export class LifetimeStore implements Lifetimes {
  constructor(private readonly parts: LifetimeParts) {}

  async model(tenantId: string): Promise<LifetimeModel | null> {
    const { rows } = await this.parts.database.sql.query<{ model: LifetimeModel }>(
      "SELECT model FROM lifetime_model WHERE tenant_id = $1",
      [tenantId],
    );
    return rows[0]?.model ?? null;
  }

  /** Fits and keeps what was found; with too few buyers what is there stays. Of two fits the later one counts. */
  async fit(tenantId: string): Promise<void> {
    const { database, fit, clock } = this.parts;
    const now = clock();
    const buyers = await this.#buyers(tenantId);
    if (buyers.length < FEWEST_BUYERS) return;
    const model = await fit({ buyers, now: now.getTime(), margin: await this.#margin(tenantId) });
    if (!model) return;
    await database.sql.query(
      `INSERT INTO lifetime_model (tenant_id, model, fitted_at) VALUES ($1, $2, $3)
       ON CONFLICT (tenant_id) DO UPDATE SET model = excluded.model, fitted_at = excluded.fitted_at WHERE lifetime_model.fitted_at <= excluded.fitted_at`,
      [tenantId, JSON.stringify(model), now],
    );
  }

  async isDue(tenantId: string): Promise<boolean> {
    const { rows } = await this.parts.database.sql.query<{ fittedAt: Date | null; buyers: number }>(
      `SELECT (SELECT fitted_at FROM lifetime_model WHERE tenant_id = $1) AS "fittedAt",
         (SELECT count(*) FROM (SELECT FROM customer WHERE tenant_id = $1 AND purchase_count > 0 LIMIT $2) buyer) AS buyers`,
      [tenantId, FEWEST_BUYERS],
    );
    return isFitDue(rows[0]!, this.parts.clock());
  }

  /** The buyers, or an even draw of them: by a hash of the id, so that the same are drawn again. */
  async #buyers(tenantId: string): Promise<LifetimeInput["buyers"]> {
    const { rows } = await this.parts.database.sql.query<LifetimeInput["buyers"][number]>(
      `SELECT (habits->>'purchaseCount')::float8 AS purchases, (habits->>'firstAt')::float8 AS "firstAt", (habits->>'lastAt')::float8 AS "lastAt",
         (habits->>'totalMinor')::float8 AS "totalMinor"
       FROM customer WHERE tenant_id = $1 AND (habits->>'purchaseCount')::float8 > 0 ORDER BY md5(id::text) LIMIT $2`,
      [tenantId, MOST_BUYERS],
    );
    return rows;
  }

  async #margin(tenantId: string): Promise<LifetimeInput["margin"]> {
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
