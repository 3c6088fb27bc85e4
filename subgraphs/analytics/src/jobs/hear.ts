import type { EventType } from "@kava/contracts/events";
import type { Transaction } from "@kava/platform/database/sql";
import { byTenant, type AfterCommit, type Effect, type Effects } from "@kava/platform/events/inbox";
import { itemsById, keepItem } from "@kava/platform/views/items";
import { TenantView } from "@kava/platform/views/tenants";
import { entryOf } from "../domain/ledgerEntry.js";
import { contextOf, refusalOf } from "../domain/purchaseFact.js";
import type { Stores } from "../storage/stores.js";

export interface Hearing {
  stores: Stores;
  tenants: TenantView;
  /** Facts were kept. */
  kept: () => void;
  /** Customers' lists are behind their purchases. */
  tastesChanged: (tenantId: string) => void;
}

type AnyEffect = Effect<EventType>;

/** Every event goes into the ledger, in the transaction that also updates the views which it concerns: a batch of them in a few statements. */
export const hear = ({ stores, tenants, kept, tastesChanged }: Hearing): Effects => {
  const { ledger, shelf, venues, customers, changes } = stores;

  const keep: AnyEffect = async (events, tx, afterCommit) => {
    await ledger.keep(
      tx,
      events.map((event) => entryOf(event, noSale)),
    );
    afterCommit(kept);
  };

  const tastesMoved = async (
    tx: Transaction,
    tenantId: string,
    customerIds: readonly string[],
    afterCommit: AfterCommit,
  ): Promise<void> => {
    if (customerIds.length === 0) return;
    await changes.note(tx, tenantId, customerIds);
    afterCommit(() => tastesChanged(tenantId));
  };

  const recorded: Effect<"purchase.recorded"> = async (events, tx, afterCommit) => {
    for (const { data } of events) {
      const refusal = refusalOf(data);
      if (refusal) throw new Error(`The purchase ${data.purchaseId} cannot be kept: ${refusal}`);
    }
    for (const [tenantId, ofTenant] of byTenant(events)) {
      const facts = await new TenantView(tx).required(tenantId); // over this connection: waiting for a second one while holding one can stop a service
      const itemIds = new Set(ofTenant.flatMap(({ data }) => data.lines.map((line) => line.itemId)));
      const items = await itemsById(tx, tenantId, [...itemIds]);
      const entries = ofTenant.map((event) => ({ event, entry: entryOf(event, (sale) => contextOf(sale, items, facts)) }));
      const added = await ledger.keep(
        tx,
        entries.map(({ entry }) => entry),
      );
      const buyers = entries.flatMap(({ event, entry }) => (added.has(entry.factId) ? (event.data.customerId ?? []) : []));
      await tastesMoved(tx, tenantId, buyers, afterCommit);
    }
    afterCommit(kept);
  };

  const registered: Effect<"customer.registered"> = async (events, tx, afterCommit) => {
    for (const [tenantId, ofTenant] of byTenant(events)) {
      const facts = ofTenant.map(({ data }) => data);
      await customers.keep(tx, tenantId, facts);
      await tastesMoved(
        tx,
        tenantId,
        facts.map(({ customerId }) => customerId),
        afterCommit,
      );
    }
    await keep(events, tx, afterCommit);
  };

  const profiled: Effect<"customer.profiled"> = async (events, tx, afterCommit) => {
    for (const [tenantId, ofTenant] of byTenant(events)) {
      const changed = await customers.change(
        tx,
        tenantId,
        ofTenant.map(({ aggregateVersion, data: { customerId, homeVenueId, tastes } }) => ({
          customerId,
          version: aggregateVersion,
          homeVenueId,
          tastes,
        })),
      );
      await tastesMoved(tx, tenantId, changed, afterCommit);
    }
    await keep(events, tx, afterCommit);
  };

  // views first: a sale is kept with what they say
  return {
    "tenant.configured": async (events, tx, afterCommit) => {
      for (const event of events) await tenants.put(tx, event.tenantId, event.aggregateVersion, event.data);
      await keep(events, tx, afterCommit);
    },
    "menu.item.priced": async (events, tx, afterCommit) => {
      for (const event of events) await keepItem(tx, event);
      await keep(events, tx, afterCommit);
      for (const tenantId of byTenant(events).keys()) afterCommit(() => shelf.changed(tenantId));
    },
    "menu.venue.changed": async (events, tx, afterCommit) => {
      for (const event of events) await venues.keep(tx, event);
      await keep(events, tx, afterCommit);
      for (const tenantId of byTenant(events).keys()) afterCommit(() => shelf.changed(tenantId));
    },
    "customer.registered": registered,
    "customer.profiled": profiled,
    "purchase.recorded": recorded,
    "customers.segmented": keep,
    "purchases.loaded": keep,
    "menu.promotion.changed": keep,
    "preferences.learned": keep,
    "offer.decided": keep,
  };
};

const noSale = (): never => {
  throw new Error("Only a purchase has the context of a sale");
};
