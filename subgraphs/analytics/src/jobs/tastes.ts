import { newId } from "@kava/contracts/ids";
import type { TenantFacts } from "@kava/contracts/tenant";
import type { Sql } from "@kava/platform/database/sql";
import { appendToOutbox } from "@kava/platform/events/outbox";
import type { ItemFacts } from "@kava/platform/views/items";
import { netOf } from "../domain/purchaseFact.js";
import type { TasteItem } from "../domain/tasteModel.js";
import type { Learned } from "../storage/recommendations.js";

/** The menu as the ranking needs it: what a unit earns at list price, tax and cost taken out. */
export const tasteItems = (items: readonly ItemFacts[], { tax }: Pick<TenantFacts, "tax">): TasteItem[] =>
  items.map((item) => ({ ...item, marginMinor: item.costMinor === null ? null : netOf(item.priceMinor, tax) - item.costMinor }));

/** Customers of one event: small enough to be handled in the time of a few purchases. */
export const CUSTOMERS_PER_EVENT = 200;

/** Tells what was learned, in the transaction that keeps it. */
export const tell = (
  tx: Sql,
  tenantId: string,
  version: number,
  at: Date,
  afterLoad: boolean,
  lists: readonly Learned[],
): Promise<string[]> =>
  appendToOutbox(
    tx,
    lists.length === 0
      ? []
      : [
          {
            id: newId(),
            type: "preferences.learned",
            tenantId,
            aggregateId: tenantId,
            aggregateVersion: version,
            occurredAt: at,
            data: { afterLoad, customers: lists.map(({ customerId, items }) => ({ customerId, items: [...items] })) },
          },
        ],
  );
