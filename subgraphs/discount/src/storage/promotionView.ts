import type { DomainEvent } from "@kava/contracts/events";
import type { Sql } from "@kava/platform/database/sql";
import type { Promotion } from "../domain/promotions.js";

const COLUMNS = `promotion_id AS id, name, starts_at AS "startsAt", ends_at AS "endsAt", active, reduction, rule`;

/** Keeps what is newer. Returns the promotion as it was before, if it was known, and whether anything was kept. */
export const keepPromotion = async (
  tx: Sql,
  event: Pick<DomainEvent<"menu.promotion.changed">, "tenantId" | "aggregateVersion" | "data">,
): Promise<{ before: Promotion | undefined; kept: boolean }> => {
  const { data, tenantId } = event;
  const { rows } = await tx.query<Promotion>(`SELECT ${COLUMNS} FROM promotion_view WHERE tenant_id = $1 AND promotion_id = $2`, [
    tenantId,
    data.promotionId,
  ]);
  const { rowCount } = await tx.query(
    `INSERT INTO promotion_view (tenant_id, promotion_id, version, name, starts_at, ends_at, active, reduction, rule) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (tenant_id, promotion_id) DO UPDATE SET version = excluded.version, name = excluded.name, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
       active = excluded.active, reduction = excluded.reduction, rule = excluded.rule
     WHERE promotion_view.version < excluded.version`,
    [
      tenantId,
      data.promotionId,
      event.aggregateVersion,
      data.name,
      data.startsAt,
      data.endsAt,
      data.active,
      JSON.stringify(data.reduction),
      JSON.stringify(data.rule),
    ],
  );
  return { before: rows[0], kept: rowCount === 1 };
};

/** Promotions that run or may still start. */
export const openPromotions = async (sql: Sql, tenantId: string, now: Date): Promise<Promotion[]> =>
  (
    await sql.query<Promotion>(
      `SELECT ${COLUMNS} FROM promotion_view WHERE tenant_id = $1 AND active AND (ends_at IS NULL OR ends_at > $2) ORDER BY promotion_id`,
      [tenantId, now],
    )
  ).rows;
