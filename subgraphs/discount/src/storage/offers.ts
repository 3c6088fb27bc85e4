import type { Database } from "@kava/platform/database/database";
import type { DecisionRecord } from "../domain/decision.js";
import { OfferEntity, type StoredOffer } from "./entities.js";

/** Reads offers. All of one tenant: the caller says which, and nothing of another is ever found. */
export class Offers {
  constructor(private readonly database: Database) {}

  byIds(tenantId: string, ids: readonly string[]): Promise<StoredOffer[]> {
    return this.database.em().find(OfferEntity, { tenantId, id: { $in: [...ids] } });
  }

  /** The offers in state LIVE of these customers: one each at the most; an expired one may be among them until the sweep. */
  liveOf(tenantId: string, customerIds: readonly string[]): Promise<StoredOffer[]> {
    return this.database.em().find(OfferEntity, { tenantId, customerId: { $in: [...customerIds] }, state: "LIVE" });
  }

  /** A customer's offers, newest first, after the one with this moment and identifier. */
  page(tenantId: string, customerId: string, limit: number, after: { createdAt: Date; id: string } | null): Promise<StoredOffer[]> {
    const older = after ? { $or: [{ createdAt: { $lt: after.createdAt } }, { createdAt: after.createdAt, id: { $lt: after.id } }] } : {};
    return this.database.em().find(OfferEntity, { tenantId, customerId, ...older }, { orderBy: { createdAt: "desc", id: "desc" }, limit });
  }

  /** The kept records of decisions, by their identifiers. */
  async decisions(tenantId: string, ids: readonly string[]): Promise<Map<string, DecisionRecord>> {
    const { rows } = await this.database.sql.query<{ id: string; record: DecisionRecord }>(
      "SELECT id, record FROM decision WHERE tenant_id = $1 AND id = ANY($2::uuid[])",
      [tenantId, ids],
    );
    return new Map(rows.map((row) => [row.id, row.record]));
  }
}
