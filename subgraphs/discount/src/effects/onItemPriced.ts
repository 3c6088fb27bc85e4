import { each, type Effect } from "@kava/platform/events/inbox";
import { keepItem, type ItemFacts } from "@kava/platform/views/items";
import { customersOfferedItem, lockCountersOf } from "../storage/affectedOffers.js";
import type { EffectParts } from "./effects.js";

/**
 * Keeps an item; when its price, cost, category, retirement or availability changed, every live offer on it is decided again in the same
 * transaction, and who sees another offer or price is told. Counters are locked before the item, as a decision does it.
 */
export const onItemPriced = ({ platform: { clock }, decider, deciding }: EffectParts): Effect<"menu.item.priced"> =>
  each(async (event, tx, afterCommit) => {
    const { tenantId, data } = event;
    await lockCountersOf(tx, tenantId, await customersOfferedItem(tx, tenantId, data.itemId));
    const { before, kept } = await keepItem(tx, event);
    if (!kept || !before || !mattersToOffers(before, data)) return;
    const customerIds = await customersOfferedItem(tx, tenantId, data.itemId);
    if (customerIds.length === 0) return;
    const pushed = await decider.decide(tx, { tenantId, customerIds, trigger: "item", push: "changes", now: clock() });
    afterCommit(() => deciding.wake(tenantId, pushed));
  });

type Offerable = Pick<ItemFacts, "priceMinor" | "costMinor" | "retired" | "category" | "unavailableVenueIds">;

/** A new name or number is nothing to an offer. */
const mattersToOffers = (before: Offerable, after: Offerable): boolean => essenceOf(before) !== essenceOf(after);

const essenceOf = ({ priceMinor, costMinor, retired, category, unavailableVenueIds }: Offerable): string =>
  JSON.stringify([priceMinor, costMinor, retired, category, unavailableVenueIds.toSorted()]);
