import type { Transaction } from "@kava/platform/database/sql";

/**
 * Marks the customers who fitted no segment, and nobody else of the tenant. Only rows whose mark changes are written, in the order of their ids, so that it
 * cannot lock crosswise with a placing or a load; nobody is told, because the mark is in no event.
 */
export const markOutliers = async (tx: Transaction, tenantId: string, ids: readonly string[]): Promise<void> => {
  await tx.query(
    `UPDATE customer c SET outlier = (c.id = ANY($2::uuid[])) FROM (
       SELECT id FROM customer WHERE tenant_id = $1 AND outlier <> (id = ANY($2::uuid[])) ORDER BY id FOR UPDATE) AS changed
     WHERE c.tenant_id = $1 AND c.id = changed.id`,
    [tenantId, ids],
  );
};
