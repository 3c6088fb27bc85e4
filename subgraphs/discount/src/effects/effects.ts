import type { Effects } from "@kava/platform/events/inbox";
import type { Platform } from "@kava/platform/service";
import { TenantView } from "@kava/platform/views/tenants";
import type { Decider } from "../deciding/Decider.js";
import type { Deciding } from "../deciding/Deciding.js";
import { DECIDE_AGAIN_AT, tasteShift } from "../domain/tasteShift.js";
import type { DecideAll } from "../jobs/decideAll.js";
import { keepPurchase, keepRegistered, keepSegments } from "../storage/customerView.js";
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
}

/** A moment for the transaction to commit, and for a burst of events to become one run. */
const COLLECT_MS = 1_000;

/** What discount does with the events it hears. Each effect runs in one transaction with its inbox row. */
export const effectsOf = (parts: EffectParts): Effects => {
  const {
    platform: { clock },
    tenants,
    decider,
    deciding,
    decideAll,
  } = parts;
  return {
    "tenant.configured": async (event, tx) => {
      const before = await new TenantView(tx).facts(event.tenantId); // over this connection: waiting for a second one while holding one can stop a service
      await tenants.put(tx, event.tenantId, event.aggregateVersion, event.data);
      if (before && rulesChanged(before, event.data)) await decideAll.enqueue({ tenantId: event.tenantId, trigger: "tenant" }, COLLECT_MS);
    },
    "customer.registered": (event, tx) => keepRegistered(tx, event.tenantId, event.data),
    "customers.segmented": (event, tx) => keepSegments(tx, event.tenantId, event.occurredAt, event.data.members),
    "purchase.recorded": async ({ tenantId, occurredAt, data }, tx, afterCommit) => {
      if (data.customerId === null) return;
      await keepPurchase(tx, tenantId, data.customerId, occurredAt, data);
      const pushed = await decider.decide(tx, {
        tenantId,
        customerIds: [data.customerId],
        trigger: "purchase",
        push: "always",
        now: clock(),
      });
      afterCommit(() => deciding.wake(tenantId, pushed));
    },
    "menu.item.priced": onItemPriced(parts),
    "menu.promotion.changed": onPromotionChanged(parts),
    "preferences.learned": async ({ tenantId, occurredAt, data }, tx, afterCommit) => {
      const kept = await keepTastes(tx, tenantId, occurredAt, data.customers);
      if (data.afterLoad) return decideAll.enqueue({ tenantId, trigger: "load" }, COLLECT_MS);
      const shifted = kept.filter(({ before, after }) => tasteShift(before, after) >= DECIDE_AGAIN_AT).map((each) => each.customerId);
      if (shifted.length === 0) return;
      const pushed = await decider.decide(tx, { tenantId, customerIds: shifted, trigger: "taste", push: "changes", now: clock() });
      afterCommit(() => deciding.wake(tenantId, pushed));
    },
  };
};
