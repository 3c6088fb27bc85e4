import { loadUplift } from "@kava/algorithms/policy/upliftModel";
import { uniformAt } from "@kava/algorithms/random";
import { upliftBoosting } from "@kava/boosting/upliftBoosting";
import { decideOffer } from "../domain/decideOffer.js";
import type { CustomerFacts } from "../domain/decision.js";
import { priorModel } from "../domain/fitModel.js";
import { fitUplift } from "../domain/fitUplift.js";
import { gameOf } from "../domain/games.js";
import type { Outcome } from "../domain/outcome.js";
import { ASSUMED_MEMORY } from "../domain/policy.js";
import { verdictOnUplift } from "../domain/promotion.js";
import { rememberedIn, type RememberedWeek } from "../domain/remembered.js";
import { served, type ServedUplift } from "../domain/servedModel.js";
import { candidate, input } from "./decisionInputs.js";

const PRICE = 400;
const COST = 100;
const DAY_MS = 86_400_000;
const SEED = 11;

interface Shopper {
  id: string;
  facts: CustomerFacts;
  taste: number;
  counter: RememberedWeek;
}

/**
 * A shop with one item that decides, sells and learns week by week, all by the rules of the service and none of its storage. What the customers do is set
 * by the test; nothing of it is told but what a till would see.
 */
export class ShopOfWeeks {
  readonly #shoppers: Shopper[];
  readonly #log: (Outcome & { at: number })[] = [];
  #week = 0;
  uplift: ServedUplift | null = null;

  /** @param elasticity the odds of a purchase grow as (1 − d) to the power of its negative */
  constructor(
    size: number,
    private readonly elasticity: (facts: CustomerFacts) => number,
  ) {
    this.#shoppers = Array.from({ length: size }, (_, i) => ({
      id: `customer ${i}`,
      taste: 0.05 + 0.4 * uniformAt(SEED, "taste", i) ** 2,
      facts: { ...input().customer, recencyDays: 30 * uniformAt(SEED, "recency", i), medianGapDays: 7 },
      counter: { week: null, weekDepth: null, remembered: 0 },
    }));
  }

  /** Lives one week. Returns what offers brought beyond none, minor units a customer, as an all-knowing owner would reckon it. */
  live(): number {
    const at = this.#week++;
    const week = `${2026 + Math.floor(at / 52)}-W${String(1 + (at % 52)).padStart(2, "0")}`;
    const gains = this.#shoppers.map((shopper, i) => this.#decide(shopper, { at, week, luck: uniformAt(SEED, "buys", i, at) }));
    return gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  }

  /** Learns from the weeks whose outcome is known, and serves what came of it if the gate lets it pass. Returns what the gate said. */
  learn(): string {
    const outcomes = this.#log.filter(({ at }) => at <= this.#week - 5);
    const before = this.uplift?.model.toJSON() ?? null;
    const { facts } = input();
    const fitted = fitUplift({ outcomes, facts, response: null, inService: before, weeklyBudgetMinor: 1e12 }, upliftBoosting);
    if (fitted.kind === "tooLittle") return fitted.reason;
    const { promoted, reasons } = verdictOnUplift(fitted.comparison);
    if (promoted) this.uplift = { version: `uplift of ${this.#week}`, model: loadUplift(fitted.model), games: fitted.games };
    return promoted ? "promoted" : reasons.join("; ");
  }

  #decide(shopper: Shopper, { at, week, luck }: { at: number; week: string; luck: number }): number {
    const { facts, taste, id } = shopper;
    const memory = this.uplift ? gameOf(this.uplift.games, null).commitment.terms.memory : ASSUMED_MEMORY;
    const remembered = rememberedIn(week, shopper.counter, memory);
    const asked = input({
      customerId: id,
      week,
      customer: facts,
      candidates: [candidate({ taste, priceMinor: PRICE, costMinor: COST })],
      remembered,
      upliftVersion: this.uplift?.version ?? null,
    });
    const { decided, assigned } = decideOffer(asked, served("prior-1", priorModel().model, this.uplift));
    const depth = decided.kind === "offer" ? decided.depth : 0;
    const chance = (given: number): number => {
      const odds = (taste / (1 - taste)) * (1 - given / 100) ** -this.elasticity(facts);
      return odds / (1 + odds);
    };
    const earned = (given: number): number => PRICE * (1 - given / 100) - COST;
    if (assigned) {
      const units = luck < chance(depth) ? 1 : 0;
      const { customer, candidates } = asked;
      const decidedAt = new Date(Date.UTC(2026, 0, 1) + at * 7 * DAY_MS);
      const known = { customerId: id, week, decidedAt, customer, item: candidates[0]!, whole: true };
      this.#log.push({ ...assigned, ...known, at, units, purchases: units, marginMinor: units * earned(depth) });
    }
    if (assigned ?? depth > 0) shopper.counter = { week, weekDepth: depth, remembered };
    return chance(depth) * earned(depth) - chance(0) * earned(0);
  }
}
