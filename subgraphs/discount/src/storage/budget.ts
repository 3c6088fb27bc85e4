import type { Sql } from "@kava/platform/database/sql";

/** λ of a chain; 0 until its discounts cost more than they may. */
export const multiplierOf = async (sql: Sql, tenantId: string): Promise<number> =>
  (await sql.query<{ multiplier: number }>("SELECT multiplier FROM budget WHERE tenant_id = $1", [tenantId])).rows[0]?.multiplier ?? 0;

export interface Spending {
  /** λ ≥ 0. */
  multiplier: number;
  /** What the discounts of a day are expected to cost, and what they may, minor units. */
  spendMinor: number;
  targetMinor: number;
}

/** Keeps λ with what it was reckoned from. */
export const keepMultiplier = async (
  sql: Sql,
  tenantId: string,
  { multiplier, spendMinor, targetMinor }: Spending,
  now: Date,
): Promise<void> => {
  await sql.query(
    `INSERT INTO budget (tenant_id, multiplier, spend_minor, target_minor, updated_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_id) DO UPDATE SET multiplier = excluded.multiplier, spend_minor = excluded.spend_minor, target_minor = excluded.target_minor, updated_at = excluded.updated_at`,
    [tenantId, multiplier, spendMinor, targetMinor, now],
  );
};

/** Turnover a day over the last `days` before `now`, minor units. */
export const turnoverADay = async (sql: Sql, tenantId: string, now: Date, days: number): Promise<number> =>
  (
    await sql.query<{ turnover: number }>(
      "SELECT coalesce(sum(total_minor), 0)::float8 / $3 AS turnover FROM visit WHERE tenant_id = $1 AND at > $2::timestamptz - $3 * interval '1 day' AND at <= $2",
      [tenantId, now, days],
    )
  ).rows[0]?.turnover ?? 0;

/** What the offers newly made in the day before `now` are expected to give away, minor units. An offer that only stands is not paid for twice. */
export const expectedSpend = async (sql: Sql, tenantId: string, now: Date): Promise<number> =>
  (
    await sql.query<{ spend: number }>(
      `SELECT coalesce(sum((d.record #>> '{output,decided,costMinor}')::float8), 0) AS spend FROM offer o JOIN decision d ON d.tenant_id = o.tenant_id AND d.id = o.decision_id
       WHERE o.tenant_id = $1 AND o.created_at > $2::timestamptz - interval '1 day' AND o.created_at <= $2`,
      [tenantId, now],
    )
  ).rows[0]?.spend ?? 0;
