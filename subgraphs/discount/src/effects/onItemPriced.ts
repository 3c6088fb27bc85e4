import { each, type Effect } from "@kava/platform/events/inbox";
import { keepItem, type ItemFacts } from "@kava/platform/views/items";
import { lockCountersOf } from "../storage/affectedOffers.js";
import { decideOffered, fewOffered } from "./decideOffered.js";
import type { EffectParts } from "./effects.js";

/**
 * Keeps an item; when its price, cost, category, retirement or availability changed, every live offer on it is decided again. Counters are locked before
 * the item, as a decision does it; where they are too many for that, a job takes them once the item is committed.
 */
export const onItemPriced = (parts: EffectParts): Effect<"menu.item.priced"> =>
  each(async (event, tx, afterCommit) => {
    const { tenantId, data } = event;
    await lockCountersOf(tx, tenantId, (await fewOffered(tx, tenantId, [data.itemId])) ?? []);
    const { before, kept } = await keepItem(tx, event);
    if (kept && before && mattersToOffers(before, data)) await decideOffered(parts, event, [data.itemId], tx, afterCommit);
  });

type Offerable = Pick<ItemFacts, "priceMinor" | "costMinor" | "retired" | "category" | "unavailableVenueIds">;

/** A new name or number is nothing to an offer. */
const mattersToOffers = (before: Offerable, after: Offerable): boolean => essenceOf(before) !== essenceOf(after);

const essenceOf = ({ priceMinor, costMinor, retired, category, unavailableVenueIds }: Offerable): string =>
  JSON.stringify([priceMinor, costMinor, retired, category, unavailableVenueIds.toSorted()]);
