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
  #firstDay = 0;

  constructor(
    readonly size: number,
    readonly days: number,
  ) {
    this.#inHand = new Float64Array(size * days);
  }

  /** A book that goes on from a log, with room for so many more days. The log stays as it is. */
  static after(log: WarmUpLog, moreDays: number): ShopBook {
    const book = new ShopBook(log.size, log.days + moreDays);
    for (const decision of log.decisions) book.#decisions.push(decision);
    for (const purchase of log.purchases) book.#purchases.push(purchase);
    for (let customer = 0; customer < log.size; customer++)
      book.#inHand.set(log.inHand.subarray(customer * log.days, (customer + 1) * log.days), customer * book.days);
    book.#firstDay = log.days;
    return book;
  }

  decide(decision: WarmUpDecision): void {
    this.#decisions.push(decision);
  }

  /** Call it on the morning after each day of the log. A day that the book was begun with, or that is beyond its room, is not written again. */
  read({ day, liveDepth, boughtYesterday, marginYesterday, listYesterday, discountYesterday }: Morning): void {
    const yesterday = day - 1;
    if (yesterday < this.#firstDay || yesterday >= this.days) return;
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
