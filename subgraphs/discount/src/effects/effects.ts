import { each, type Effect, type Effects } from "@kava/platform/events/inbox";
import type { Platform } from "@kava/platform/service";
import { TenantView } from "@kava/platform/views/tenants";
import type { Decider } from "../deciding/Decider.js";
import type { Deciding } from "../deciding/Deciding.js";
import { DECIDE_AGAIN_AT, tasteShift } from "../domain/tasteShift.js";
import type { DecideAll } from "../jobs/decideAll.js";
import type { DecideOffered } from "../jobs/decideOffered.js";
import { isLoading, keepProfiled, keepPurchases, keepRegistered, keepSegments } from "../storage/customerView.js";
import { keepTastes } from "../storage/tastes.js";
import { onItemPriced } from "./onItemPriced.js";
import { onPromotionChanged } from "./onPromotionChanged.js";
import { rulesChanged } from "./rulesChanged.js";

export interface EffectParts {
  platform: Platform;
  tenants: TenantView;
  decider: Decider;
  deciding: Deciding;
  decideAll: DecideAll;
  decideOffered: DecideOffered;
}

/** A moment for the transaction to commit, and for a burst of events to become one run. */
const COLLECT_MS = 1_000;

/** What discount does with the events it hears. */
export const effectsOf = (parts: EffectParts): Effects => {
  const {
    platform: { clock },
    tenants,
    decider,
    deciding,
    decideAll,
  } = parts;
  const purchases: Effect<"purchase.recorded"> = async (events, tx, afterCommit) => {
    const known = events.flatMap(({ tenantId, occurredAt, aggregateVersion, data }) =>
      data.customerId === null ? [] : [{ tenantId, occurredAt, aggregateVersion, data, customerId: data.customerId }],
    );
    for (const [tenantId, ofTenant] of Map.groupBy(known, (each) => each.tenantId))
      for (const round of roundsOf(ofTenant)) {
        await keepPurchases(tx, tenantId, round);
        const customerIds = round.map(({ customerId }) => customerId);
        const pushed = await decider.decide(tx, { tenantId, customerIds, trigger: "purchase", push: "always", now: clock() });
        afterCommit(() => deciding.wake(tenantId, pushed));
      }
  };
  // what is known of a chain and its menu first: offers are decided with it
  return {
    "tenant.configured": each(async (event, tx) => {
      const before = await new TenantView(tx).facts(event.tenantId); // over this connection: waiting for a second one while holding one can stop a service
      await tenants.put(tx, event.tenantId, event.aggregateVersion, event.data);
      if (before && rulesChanged(before, event.data)) await decideAll.enqueue({ tenantId: event.tenantId, trigger: "tenant" }, COLLECT_MS);
    }),
    "menu.item.priced": onItemPriced(parts),
    "menu.promotion.changed": onPromotionChanged(parts),
    "customer.registered": each((event, tx) => keepRegistered(tx, event.tenantId, event.data)),
    "customer.profiled": each((event, tx) => keepProfiled(tx, event)),
    "customers.segmented": each((event, tx) => keepSegments(tx, event.tenantId, event.occurredAt, event.data.members)),
    "preferences.learned": each(async ({ tenantId, occurredAt, data }, tx, afterCommit) => {
      const kept = await keepTastes(tx, tenantId, occurredAt, data.customers);
      if (data.afterLoad) {
        // the end of a load that is under way here too decides for all
        if (!(await isLoading(tx, tenantId))) await decideAll.enqueue({ tenantId, trigger: "load" }, COLLECT_MS);
        return;
      }
      const shifted = kept.filter(({ before, after }) => tasteShift(before, after) >= DECIDE_AGAIN_AT).map(({ customerId }) => customerId);
      if (shifted.length === 0) return;
      const pushed = await decider.decide(tx, { tenantId, customerIds: shifted, trigger: "taste", push: "changes", now: clock() });
      afterCommit(() => deciding.wake(tenantId, pushed));
    }),
    "purchase.recorded": purchases,
  };
};

/** Each purchase has a decision of its own: purchases that come together are decided together, but no customer's two in one round. */
const roundsOf = <Each extends { customerId: string }>(purchases: readonly Each[]): Each[][] => {
  const rounds: Each[][] = [];
  const seen = new Map<string, number>();
  for (const purchase of purchases) {
    const round = seen.get(purchase.customerId) ?? 0;
    seen.set(purchase.customerId, round + 1);
    (rounds[round] ??= []).push(purchase);
  }
  return rounds;
};
