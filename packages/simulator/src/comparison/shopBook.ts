import type { ShopView } from "../policies.js";
import type { WarmUpDecision, WarmUpLog, WarmUpPurchase } from "./warmUpLog.js";

/** What a shop reads of the day before, each morning. */
export type Morning = Pick<
  ShopView,
  "day" | "size" | "liveDepth" | "boughtYesterday" | "marginYesterday" | "listYesterday" | "discountYesterday"
>;

/** Writes down what a shop sees, morning by morning, and closes it as the log of a warm-up. */
export class ShopBook {
  readonly #decisions: WarmUpDecision[] = [];
  readonly #purchases: WarmUpPurchase[] = [];
  readonly #inHand: Float64Array;

  constructor(
    readonly size: number,
    readonly days: number,
  ) {
    this.#inHand = new Float64Array(size * days);
  }

  decide(decision: WarmUpDecision): void {
    this.#decisions.push(decision);
  }

  /** Call it on the morning after each day of the log. */
  read({ day, liveDepth, boughtYesterday, marginYesterday, listYesterday, discountYesterday }: Morning): void {
    const yesterday = day - 1;
    if (yesterday < 0) return;
    for (let customer = 0; customer < this.size; customer++) {
      this.#inHand[customer * this.days + yesterday] = liveDepth[customer]!;
      if (boughtYesterday[customer] === 0) continue;
      const list = listYesterday[customer]!;
      const depth = discountYesterday[customer]! / list;
      this.#purchases.push({ customer, day: yesterday, depth, list, margin: marginYesterday[customer]! });
    }
  }

  close(observed: Float64Array, holdout: Uint8Array): WarmUpLog {
    const { size, days } = this;
    return { size, days, observed, holdout, decisions: this.#decisions, purchases: this.#purchases, inHand: this.#inHand };
  }
}
