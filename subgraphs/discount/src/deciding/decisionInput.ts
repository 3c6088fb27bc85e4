import type { TenantFacts } from "@kava/contracts/tenant";
import type { Sql } from "@kava/platform/database/sql";
import { itemsById, type ItemFacts } from "@kava/platform/views/items";
import { TenantView } from "@kava/platform/views/tenants";
import { candidatesOf } from "../domain/candidatesOf.js";
import type { DecisionInput, Trigger } from "../domain/decision.js";
import { isInHoldout } from "../domain/holdout.js";
import { gameOf } from "../domain/games.js";
import { isoWeek } from "../domain/localTime.js";
import { ASSUMED_MEMORY, POLICY_SEED } from "../domain/policy.js";
import { rememberedIn } from "../domain/remembered.js";
import type { ServedModel } from "../domain/servedModel.js";
import type { Promotion } from "../domain/promotions.js";
import type { CustomerKnowledge, LockedCounter } from "../storage/decisionInputs.js";
import type { Models } from "../storage/models.js";
import { openPromotions } from "../storage/promotionView.js";
import type { Popularity } from "./Popularity.js";

/** What is decided, and when. */
export interface Occasion {
  tenantId: string;
  trigger: Trigger;
  now: Date;
}

/** What a decision needs that is the same for all customers of one run. */
export interface Setting {
  occasion: Occasion;
  facts: TenantFacts;
  served: ServedModel;
  /** λ, the price of the chain's budget for discounts. */
  multiplier: number;
  promotions: Promotion[];
  popular: { itemId: string; share: number }[];
}

/** Reads it over the caller's connection. Throws when the tenant is unknown. */
export const settingOf = async (
  sql: Sql,
  models: Models,
  popularity: Popularity,
  { tenantId, trigger, now }: Occasion,
): Promise<Setting> => ({
  occasion: { tenantId, trigger, now },
  facts: await new TenantView(sql).required(tenantId),
  ...(await models.current(sql, tenantId)),
  promotions: await openPromotions(sql, tenantId, now),
  popular: await popularity.of(sql, tenantId, now),
});

/** The items that could be offered to these customers, by identifier. */
export const itemsFor = (
  sql: Sql,
  customers: readonly CustomerKnowledge[],
  { occasion, popular }: Setting,
): Promise<Map<string, ItemFacts>> =>
  itemsById(sql, occasion.tenantId, [...new Set([...customers.flatMap(itemsOf), ...popular.map((each) => each.itemId)])]);

const itemsOf = ({ liked, habits, live }: CustomerKnowledge): string[] =>
  [...(liked ?? []), ...habits, ...(live ? [live] : [])].map((each) => each.itemId);

/** Everything that the decision for one customer depends on. `counter`: the depth of their week, if it was set. */
export const inputOf = (
  customer: CustomerKnowledge,
  counter: Pick<LockedCounter, "week" | "weekDepth" | "weekPropensities" | "remembered">,
  items: ReadonlyMap<string, ItemFacts>,
  { occasion: { tenantId, now, trigger }, facts, served, multiplier, promotions, popular }: Setting,
): DecisionInput => {
  const week = isoWeek(now, facts.timeZone);
  const holdout = isInHoldout(tenantId, customer.customerId);
  return {
    tenantId,
    customerId: customer.customerId,
    at: now.toISOString(),
    trigger,
    week,
    holdout,
    facts: { currency: facts.currency, minorDigits: facts.minorDigits, floor: facts.floor, ceiling: facts.ceiling, tax: facts.tax },
    customer: {
      purchaseCount: customer.purchaseCount,
      recencyDays: customer.lastAt ? Math.max(0, (now.getTime() - customer.lastAt.getTime()) / 86_400_000) : null,
      frequencyPerWeek: customer.frequencyPerWeek,
      averageOrderMinor: customer.averageOrderMinor,
      medianGapDays: customer.medianGapDays,
      segment: customer.segmentId ? { id: customer.segmentId, name: customer.segmentName ?? "" } : null,
    },
    candidates: holdout
      ? []
      : candidatesOf({ ...customer, popular }, items, promotions, { at: now, venueId: customer.venueId, timeZone: facts.timeZone }),
    sticky:
      counter.week === week && counter.weekDepth !== null
        ? { depth: counter.weekDepth, propensities: counter.weekPropensities ?? [] }
        : null,
    // what a load decided has been shown to nobody: it does not stand for its own sake when more is learned
    current:
      customer.live && trigger !== "load" ? { offerId: customer.live.id, itemId: customer.live.itemId, depth: customer.live.depth } : null,
    // as little have those offers been seen
    offeredAt: trigger === "load" ? [] : customer.offeredAt.map((at) => at.toISOString()),
    remembered: rememberedIn(week, counter, memoryOf(served, customer.segmentId)),
    multiplier,
    seed: POLICY_SEED,
    modelVersion: served.version,
    upliftVersion: served.uplift?.version ?? null,
  };
};

/** ρ of the customer's segment: how much of a remembered depth a week leaves. */
const memoryOf = ({ uplift }: ServedModel, segmentId: string | null): number =>
  uplift ? gameOf(uplift.games, segmentId).commitment.terms.memory : ASSUMED_MEMORY;
