import type { EventData } from "@kava/contracts/events";
import type { Sql } from "@kava/platform/database/sql";

export type TasteItem = EventData<"preferences.learned">["customers"][number]["items"][number];
export interface CustomerTaste {
  customerId: string;
  items: TasteItem[];
}

/** Keeps tastes that are newer than what is known. Returns those that were kept, each with what was known before (empty at first). */
export const keepTastes = async (
  tx: Sql,
  tenantId: string,
  learnedAt: string,
  customers: readonly CustomerTaste[],
): Promise<{ customerId: string; before: TasteItem[]; after: TasteItem[] }[]> => {
  const ids = customers.map((customer) => customer.customerId);
  const { rows: known } = await tx.query<{ customerId: string; items: TasteItem[] }>(
    `SELECT customer_id AS "customerId", items FROM taste WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[])`,
    [tenantId, ids],
  );
  const { rows: kept } = await tx.query<{ customerId: string }>(
    `INSERT INTO taste (tenant_id, customer_id, learned_at, items)
     SELECT $1, "customerId", $2, items FROM jsonb_to_recordset($3::jsonb) AS t("customerId" uuid, items jsonb) ORDER BY "customerId"
     ON CONFLICT (tenant_id, customer_id) DO UPDATE SET learned_at = excluded.learned_at, items = excluded.items WHERE taste.learned_at < excluded.learned_at
     RETURNING customer_id AS "customerId"`,
    [tenantId, learnedAt, JSON.stringify(customers)],
  );
  const before = new Map(known.map((row) => [row.customerId, row.items]));
  const after = new Map(customers.map((customer) => [customer.customerId, customer.items]));
  return kept.map(({ customerId }) => ({ customerId, before: before.get(customerId) ?? [], after: after.get(customerId) ?? [] }));
};
