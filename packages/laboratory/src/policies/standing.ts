import type { Matrix } from "@kava/algorithms/matrix";
import { ShopBook } from "@kava/simulator/comparison/shopBook";
import type { Rules, ShopView, WarmUpLog } from "@kava/simulator/comparison/learningPolicy";
import { signsAt } from "./customerSigns.js";
import type { DepthEffects, LearnedDepthEffects } from "./depthEffects.js";
import { listPriceBuyers } from "./listPriceBuyers.js";

/** Days after which what is known of customers is brought up to date. */
const freshDays = 7;

/**
 * How the shop sees its customers while a policy plays. What depths change was learned in the warm-up; whom they change how much is judged by each
 * customer's signs, and these go on with every purchase.
 */
export class Standing {
  readonly #book: ShopBook;
  readonly #observedOnly: Pick<WarmUpLog, "observed" | "holdout">;
  readonly #learned: LearnedDepthEffects;
  readonly #firstDay: number;
  #signs: Matrix;
  #effects: DepthEffects;
  #buyers: Uint8Array;

  constructor(log: WarmUpLog, rules: Rules, learned: LearnedDepthEffects) {
    this.#book = ShopBook.after(log, rules.playDays);
    this.#observedOnly = { observed: log.observed, holdout: log.holdout };
    this.#learned = learned;
    this.#firstDay = log.days;
    this.#signs = signsAt(log, log.days);
    this.#effects = learned.of(this.#signs);
    this.#buyers = listPriceBuyers(this.#signs);
  }

  get signs(): Matrix {
    return this.#signs;
  }

  get effects(): DepthEffects {
    return this.#effects;
  }

  /** 1 where nothing is ever sent: they buy at list price. */
  get buyers(): Uint8Array {
    return this.#buyers;
  }

  /** Call it every morning. True where what is known was brought up to date. */
  read(view: ShopView): boolean {
    this.#book.read(view);
    const age = view.day - this.#firstDay;
    if (age <= 0 || age % freshDays !== 0) return false;
    const { observed, holdout } = this.#observedOnly;
    this.#signs = signsAt(this.#book.close(observed, holdout), view.day);
    this.#effects = this.#learned.of(this.#signs);
    this.#buyers = listPriceBuyers(this.#signs);
    return true;
  }
}
