import { SALES_BY_DAY, type SalesAnswer } from "@kava/harness/documents";
import { dataOf } from "@kava/harness/graphClient";
import type { Installation } from "@kava/harness/installation";

export interface DayTotals {
  purchases: number;
  revenueMinor: number;
}

const DAY_MS = 86_400_000;
const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
/** Wide enough for any time zone around the days of a test's history. */
const WINDOW_DAYS = 200;

/** Sales by day as analytics shows them, from ClickHouse; undefined while it does not answer. */
export const salesShown = async (kava: Installation): Promise<Record<string, DayTotals> | undefined> => {
  const now = Date.now();
  const answer = await kava
    .ask<SalesAnswer>(SALES_BY_DAY, { from: dayOf(new Date(now - WINDOW_DAYS * DAY_MS)), to: dayOf(new Date(now + DAY_MS)) })
    .catch(() => undefined);
  if (!answer || answer.errors.length > 0 || !dataOf(answer).salesByDay) return undefined;
  const days = answer.data!.salesByDay!.filter((day) => day.purchases > 0);
  return Object.fromEntries(
    days.map((day) => [day.day, { purchases: day.purchases, revenueMinor: Math.round(Number(day.revenue.amount) * 100) }]),
  );
};

/** The same from the purchases in PostgreSQL, where the truth is. */
export const salesRecorded = async (kava: Installation, timeZone: string): Promise<Record<string, DayTotals>> => {
  const rows = await kava.sql<{ day: string; purchases: string; revenue: string }>(
    `SELECT to_char(at AT TIME ZONE $1, 'YYYY-MM-DD') AS day, count(*) AS purchases, sum(total_minor) AS revenue
     FROM customer.purchase WHERE tenant_id = $2 GROUP BY 1 ORDER BY 1`,
    [timeZone, kava.tenantId],
  );
  return Object.fromEntries(rows.map((row) => [row.day, { purchases: Number(row.purchases), revenueMinor: Number(row.revenue) }]));
};
