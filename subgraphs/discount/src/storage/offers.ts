import type { Database } from "@kava/platform/database/database";
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

  /** The kept record of a decision, for staff. */
  async decision(tenantId: string, decisionId: string): Promise<object | null> {
    const { rows } = await this.database.sql.query<{ record: object }>("SELECT record FROM decision WHERE tenant_id = $1 AND id = $2", [tenantId, decisionId]);
    return rows[0]?.record ?? null;
  }
}
