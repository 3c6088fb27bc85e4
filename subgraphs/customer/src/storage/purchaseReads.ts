import { parsePurchaseId } from "@kava/contracts/ids";
import type { Sql } from "@kava/platform/database/sql";
import { monthOf } from "../domain/months.js";
import type { Purchase, PurchaseKey, PurchaseLine } from "../domain/purchase.js";

export interface PurchaseRow {
  id: string;
  at: Date;
  customer_id: string | null;
  venue_id: string | null;
  total_minor: number;
  discount_minor: number;
  lines: PurchaseLine[];
}
export const PURCHASE_COLUMNS = "id, at, customer_id, venue_id, total_minor, discount_minor, lines";

/** The purchase of a row; its id gets its month back. */
export const purchaseOf = (row: PurchaseRow): Purchase => ({
  id: `${monthOf(row.at).partition.slice("purchase_".length)}-${row.id}`,
  customerId: row.customer_id,
  venueId: row.venue_id,
  at: row.at,
  lines: row.lines,
  totalMinor: row.total_minor,
  discountMinor: row.discount_minor,
});

/** The part of a purchase's id that is stored; its month is in `at`. */
export const uuidOf = (purchaseId: string): string => purchaseId.slice(purchaseId.indexOf("-") + 1);

/** The statement that finds one purchase: the month in its id prunes all partitions but one. Null when the text is no purchase's id. */
export const statementById = (tenantId: string, id: string): { text: string; values: unknown[] } | null => {
  const parsed = parsePurchaseId(id);
  return (
    parsed && {
      text: `SELECT ${PURCHASE_COLUMNS} FROM purchase WHERE tenant_id = $1 AND id = $2 AND at >= $3 AND at < $4`,
      values: [tenantId, parsed.uuid, parsed.from, parsed.to],
    }
  );
};

export const purchaseById = async (sql: Sql, tenantId: string, id: string): Promise<Purchase | null> => {
  const statement = statementById(tenantId, id);
  if (!statement) return null;
  const { rows } = await sql.query<PurchaseRow>(statement.text, statement.values);
  return rows[0] ? purchaseOf(rows[0]) : null;
};

/**
 * The newest purchases of each customer. Partitions are in the order of time and each has an index in the order of time, so PostgreSQL reads from
 * the newest month on and stops when it has `limit` (an ordered Append).
 */
export const newestPurchases = async (
  sql: Sql,
  tenantId: string,
  customerIds: readonly string[],
  after: PurchaseKey | null,
  limit: number,
): Promise<Map<string, Purchase[]>> => {
  const older = after === null ? "" : "AND p.at <= $4 AND (p.at, p.id) < ($4, $5::uuid)";
  const { rows } = await sql.query<PurchaseRow & { customer_id: string }>(
    `SELECT found.* FROM unnest($2::uuid[]) AS wanted(id) CROSS JOIN LATERAL (
       SELECT ${PURCHASE_COLUMNS} FROM purchase p WHERE p.tenant_id = $1 AND p.customer_id = wanted.id ${older} ORDER BY p.at DESC, p.id DESC LIMIT $3) found`,
    [tenantId, customerIds, limit, ...(after === null ? [] : [new Date(after.at), after.uuid])],
  );
  const found = new Map<string, Purchase[]>(customerIds.map((id) => [id, []]));
  for (const row of rows) found.get(row.customer_id)!.push(purchaseOf(row));
  return found;
};
