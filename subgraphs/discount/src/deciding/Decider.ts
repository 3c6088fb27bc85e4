import { newId } from "@kava/contracts/ids";
import type { TenantFacts } from "@kava/contracts/tenant";
import { appendToOutbox } from "@kava/platform/events/outbox";
import type { Sql } from "@kava/platform/database/sql";
import { itemsById, type ItemFacts } from "@kava/platform/views/items";
import { TenantView } from "@kava/platform/views/tenants";
import { candidatesOf } from "../domain/candidatesOf.js";
import { decideOffer, type ServedModel } from "../domain/decideOffer.js";
import type { DecisionInput, DecisionOutput, Trigger } from "../domain/decision.js";
import { isInHoldout } from "../domain/holdout.js";
import { isoWeek } from "../domain/localTime.js";
import { POLICY_SEED } from "../domain/policy.js";
import type { Promotion } from "../domain/promotions.js";
import { knowledgeOf, lockCounters, lockItems, type CustomerKnowledge, type LockedCounter } from "../storage/decisionInputs.js";
import type { Models } from "../storage/models.js";
import { openPromotions } from "../storage/promotionView.js";
import { writeDecisions } from "../storage/writeDecisions.js";
import { decidedFact, effectOf } from "./decisionEffect.js";
import { memoisedPriceBook } from "./memoisedPriceBook.js";
import type { Popularity } from "./Popularity.js";

export interface DecideRequest {
  tenantId: string;
  customerIds: readonly string[];
  trigger: Trigger;
  /** `always`: a purchase pushes whatever comes of it. `changes`: only what the customer would see. `never`: history. */
  push: "always" | "changes" | "never";
  now: Date;
}

/** What a decision needs that is the same for all customers of one run. */
interface Setting {
  request: DecideRequest;
  facts: TenantFacts;
  served: ServedModel;
  promotions: Promotion[];
  popular: { itemId: string; share: number }[];
}

const priceBook = memoisedPriceBook();

/**
 * Decides for customers in the caller's transaction: locks their counters, loads what is known in a few statements, decides, writes.
 * The same few statements for one customer as for five hundred. Everything is read in that transaction: a second connection, waited for
 * while holding one, would stop the service when all are taken.
 */
export class Decider {
  constructor(
    private readonly models: Models,
    private readonly popularity: Popularity,
  ) {}

  /** Returns the customers that got a push: wake their listeners after the commit. Throws when the tenant is unknown. */
  async decide(tx: Sql, request: DecideRequest): Promise<string[]> {
    const { tenantId, now } = request;
    const counters = await lockCounters(tx, tenantId, request.customerIds);
    const knowledge = await knowledgeOf(tx, tenantId, [...counters.keys()], now);
    const setting: Setting = {
      request,
      facts: await new TenantView(tx).required(tenantId),
      served: await this.models.current(tx, tenantId),
      promotions: await openPromotions(tx, tenantId, now),
      popular: await this.popularity.of(tx, tenantId, now),
    };
    const decisions = await this.#decideOnFirmPrices(tx, setting, knowledge, counters);
    const effects = decisions.map(({ input, output }) =>
      effectOf(input, output, counters.get(input.customerId)!, knowledge.get(input.customerId)!, request, newId),
    );
    if (effects.length === 0) return [];
    await writeDecisions(tx, tenantId, effects, now);
    await appendToOutbox(
      tx,
      effects.flatMap((effect) => decidedFact(effect, tenantId, counters.get(effect.customerId)!.decisions, request) ?? []),
    );
    return effects.filter((effect) => effect.pushSeq !== null).map((effect) => effect.customerId);
  }

  /**
   * Decides, locks the items that are newly offered, and decides again for those whose item changed in between: a price change either waits
   * for this transaction, and then finds its offers, or is seen by it. An offer that stands needs no lock: a price change waits for its
   * customer's counter.
   */
  async #decideOnFirmPrices(
    tx: Sql,
    setting: Setting,
    knowledge: ReadonlyMap<string, CustomerKnowledge>,
    counters: ReadonlyMap<string, LockedCounter>,
  ): Promise<Decision[]> {
    const firm: Decision[] = [];
    let open = [...knowledge.values()];
    while (open.length > 0) {
      const items = await itemsById(tx, setting.request.tenantId, [
        ...new Set([...open.flatMap(itemsOf), ...setting.popular.map((each) => each.itemId)]),
      ]);
      const decided = open.map((customer) => decideFor(customer, counters.get(customer.customerId)!, items, setting));
      const versions = await lockItems(tx, setting.request.tenantId, [
        ...new Set(decided.flatMap((each) => newlyOffered(each, knowledge) ?? [])),
      ]);
      const isFirm = (each: Decision) => {
        const itemId = newlyOffered(each, knowledge);
        return itemId === null || versions.get(itemId) === items.get(itemId)?.version;
      };
      firm.push(...decided.filter(isFirm));
      open = decided.filter((each) => !isFirm(each)).map(({ input }) => knowledge.get(input.customerId)!);
    }
    return firm;
  }
}

interface Decision {
  input: DecisionInput;
  output: DecisionOutput;
}

const newlyOffered = ({ input, output: { decided } }: Decision, knowledge: ReadonlyMap<string, CustomerKnowledge>): string | null =>
  decided.kind === "offer" && decided.itemId !== knowledge.get(input.customerId)?.live?.itemId ? decided.itemId : null;

const itemsOf = ({ liked, habits, live }: CustomerKnowledge): string[] =>
  [...(liked ?? []), ...habits, ...(live ? [live] : [])].map((each) => each.itemId);

const decideFor = (
  customer: CustomerKnowledge,
  counter: LockedCounter,
  items: ReadonlyMap<string, ItemFacts>,
  setting: Setting,
): Decision => {
  const {
    request: { tenantId, now, trigger },
    facts,
    served,
    promotions,
    popular,
  } = setting;
  const week = isoWeek(now, facts.timeZone);
  const holdout = isInHoldout(tenantId, customer.customerId);
  const input: DecisionInput = {
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
    seed: POLICY_SEED,
    modelVersion: served.version,
  };
  return { input, output: decideOffer(input, served, priceBook) };
};
