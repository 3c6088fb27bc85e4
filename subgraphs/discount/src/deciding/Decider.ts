import { newId } from "@kava/contracts/ids";
import { appendToOutbox } from "@kava/platform/events/outbox";
import type { Sql } from "@kava/platform/database/sql";
import type { ItemFacts } from "@kava/platform/views/items";
import { decideOffer } from "../domain/decideOffer.js";
import type { DecisionInput, DecisionOutput } from "../domain/decision.js";
import { knowledgeOf, lockCounters, lockItems, type CustomerKnowledge, type LockedCounter } from "../storage/decisionInputs.js";
import type { Models } from "../storage/models.js";
import { writeDecisions } from "../storage/writeDecisions.js";
import { decidedFact, effectOf } from "./decisionEffect.js";
import { inputOf, itemsFor, settingOf, type Occasion, type Setting } from "./decisionInput.js";
import { memoisedPriceBook } from "./memoisedPriceBook.js";
import type { Popularity } from "./Popularity.js";

export interface DecideRequest extends Occasion {
  customerIds: readonly string[];
  /** `always`: a purchase pushes whatever comes of it. `changes`: only what the customer would see. `never`: history. */
  push: "always" | "changes" | "never";
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
    const setting = await settingOf(tx, this.models, this.popularity, request);
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
      const items = await itemsFor(tx, open, setting);
      const decided = open.map((customer) => decideFor(customer, counters.get(customer.customerId)!, items, setting));
      const versions = await lockItems(tx, setting.occasion.tenantId, [
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

const decideFor = (
  customer: CustomerKnowledge,
  counter: LockedCounter,
  items: ReadonlyMap<string, ItemFacts>,
  setting: Setting,
): Decision => {
  const input = inputOf(customer, counter, items, setting);
  return { input, output: decideOffer(input, setting.served, priceBook) };
};
