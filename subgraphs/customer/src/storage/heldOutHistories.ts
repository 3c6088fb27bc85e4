import type { Sql } from "@kava/platform/database/sql";
import type { Buyer, BuyerHistory, HeldOut } from "../domain/fitLifetime.js";

/** As many that a statement is short. */
const AT_A_TIME = 1_000;

/** The buyers, or an even draw of them: by a hash of the id, so that the same are drawn again. */
export const drawBuyers = async (sql: Sql, tenantId: string, most: number): Promise<(BuyerHistory & { id: string })[]> =>
  (
    await sql.query<BuyerHistory & { id: string }>(
      `SELECT id, (habits->>'purchaseCount')::float8 AS purchases, (habits->>'firstAt')::float8 AS "firstAt", (habits->>'lastAt')::float8 AS "lastAt",
         (habits->>'totalMinor')::float8 AS "totalMinor"
       FROM customer WHERE tenant_id = $1 AND (habits->>'purchaseCount')::float8 > 0 ORDER BY md5(id::text) LIMIT $2`,
      [tenantId, most],
    )
  ).rows;

interface SplitRow {
  id: string;
  purchases: number;
  firstAt: number | null;
  lastAt: number | null;
  totalMinor: number;
  laterPurchases: number;
  laterMinor: number;
}

/**
 * The buyers as they were when the held-out weeks began, and what they did in these. Of who did not buy since then the habits tell it; of the others their purchases
 * are read, some hundred customers at a time.
 */
export const splitHistories = async (
  sql: Sql,
  tenantId: string,
  drawn: readonly (BuyerHistory & { id: string })[],
  heldOut: HeldOut | null,
  progress: (done: number, total: number) => Promise<void>,
): Promise<Buyer[]> => {
  const nothing = { purchases: 0, totalMinor: 0 };
  const whole = ({ id: _, ...now }: BuyerHistory & { id: string }): Buyer => ({ now, before: now, later: nothing });
  if (!heldOut) return drawn.map(whole);
  const [since, stayed] = [true, false].map((after) => drawn.filter((buyer) => buyer.lastAt >= heldOut.from === after));
  const buyers = stayed!.map(whole);
  for (let from = 0; from < since!.length; from += AT_A_TIME) {
    await progress(from, since!.length);
    const some = new Map(since!.slice(from, from + AT_A_TIME).map(({ id, ...now }) => [id, now]));
    const { rows } = await sql.query<SplitRow>(SPLIT, [tenantId, [...some.keys()], new Date(heldOut.from), new Date(heldOut.to)]);
    for (const { id, purchases, firstAt, lastAt, totalMinor, laterPurchases, laterMinor } of rows) {
      const before = firstAt === null || lastAt === null ? null : { purchases, firstAt, lastAt, totalMinor };
      buyers.push({ now: some.get(id)!, before, later: { purchases: laterPurchases, totalMinor: laterMinor } });
    }
  }
  return buyers;
};

const SPLIT = `SELECT customer_id AS id, count(*) FILTER (WHERE at < $3)::float8 AS purchases,
    extract(epoch FROM min(at) FILTER (WHERE at < $3))::float8 * 1000 AS "firstAt", extract(epoch FROM max(at) FILTER (WHERE at < $3))::float8 * 1000 AS "lastAt",
    coalesce(sum(total_minor) FILTER (WHERE at < $3), 0)::float8 AS "totalMinor",
    count(*) FILTER (WHERE at >= $3 AND at <= $4)::float8 AS "laterPurchases",
    coalesce(sum(total_minor) FILTER (WHERE at >= $3 AND at <= $4), 0)::float8 AS "laterMinor"
  FROM purchase WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[]) GROUP BY customer_id`;
