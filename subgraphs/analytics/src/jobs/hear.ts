import type { AnyEvent } from "@kava/contracts/events";
import type { Effect, Effects } from "@kava/platform/events/inbox";
import { itemsById, keepItem } from "@kava/platform/views/items";
import type { TenantView } from "@kava/platform/views/tenants";
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

type AnyEffect = Effect<AnyEvent["type"]>;

/** Every event goes into the ledger, in the transaction that also updates the views which it concerns. */
export const hear = ({ stores, tenants, kept, tastesChanged }: Hearing): Effects => {
  const { ledger, shelf, venues, customers, changes } = stores;

  const keep: AnyEffect = async (event, tx, afterCommit) => {
    await ledger.keep(tx, entryOf(event, noSale));
    afterCommit(kept);
  };

  const recorded: Effect<"purchase.recorded"> = async (event, tx, afterCommit) => {
    const { tenantId, data } = event;
    const refusal = refusalOf(data);
    if (refusal) throw new Error(`The purchase ${data.purchaseId} cannot be kept: ${refusal}`);
    const facts = await tenants.required(tenantId);
    const items = await itemsById(
      tx,
      tenantId,
      data.lines.map((line) => line.itemId),
    );
    if (
      !(await ledger.keep(
        tx,
        entryOf(event, (sale) => contextOf(sale, items, facts)),
      ))
    )
      return;
    afterCommit(kept);
    if (data.customerId === null) return;
    await changes.note(tx, tenantId, data.customerId);
    afterCommit(() => tastesChanged(tenantId));
  };

  const registered: Effect<"customer.registered"> = async (event, tx, afterCommit) => {
    const { tenantId, data } = event;
    await customers.keep(tx, tenantId, [data]);
    await changes.note(tx, tenantId, data.customerId);
    await keep(event, tx, afterCommit);
    afterCommit(() => tastesChanged(tenantId));
  };

  return {
    "purchase.recorded": recorded,
    "customer.registered": registered,
    "tenant.configured": async (event, tx, afterCommit) => {
      await tenants.put(tx, event.tenantId, event.aggregateVersion, event.data);
      await keep(event, tx, afterCommit);
    },
    "menu.item.priced": async (event, tx, afterCommit) => {
      await keepItem(tx, event);
      await keep(event, tx, afterCommit);
      afterCommit(() => shelf.changed(event.tenantId));
    },
    "menu.venue.changed": async (event, tx, afterCommit) => {
      await venues.keep(tx, event);
      await keep(event, tx, afterCommit);
      afterCommit(() => shelf.changed(event.tenantId));
    },
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
