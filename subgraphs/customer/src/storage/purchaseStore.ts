import type { Database } from "@kava/platform/database/database";
import type { TenantView } from "@kava/platform/views/tenants";
import type { Purchase, PurchaseKey, PurchaseOrder, Purchases } from "../domain/purchase.js";
import type { Partitions } from "./partitions.js";
import { newestPurchases, purchaseById } from "./purchaseReads.js";
import { recordPurchase } from "./recordPurchase.js";
import type { SegmentationStore } from "./segmentationStore.js";

/** What purchases are kept with. */
export interface PurchaseStoreParts {
  database: Database;
  tenants: TenantView;
  partitions: Partitions;
  segmentations: SegmentationStore;
  wakeOutbox: () => void;
}

/** Purchases in PostgreSQL. */
export class PurchaseStore implements Purchases {
  constructor(private readonly parts: PurchaseStoreParts) {}

  async record(tenantId: string, order: PurchaseOrder, trace: string | null, now: Date): Promise<Purchase> {
    const { database, tenants, partitions, segmentations, wakeOutbox } = this.parts;
    const facts = await tenants.required(tenantId);
    await partitions.makeFor([order.at]);
    const purchase = await database.transaction((tx) => recordPurchase(tx, { tenantId, facts, order, trace, now, segmentations }));
    wakeOutbox();
    return purchase;
  }

  newest(tenantId: string, customerIds: readonly string[], after: PurchaseKey | null, limit: number): Promise<Map<string, Purchase[]>> {
    return newestPurchases(this.parts.database.sql, tenantId, customerIds, after, limit);
  }

  byId(tenantId: string, id: string): Promise<Purchase | null> {
    return purchaseById(this.parts.database.sql, tenantId, id);
  }
}
