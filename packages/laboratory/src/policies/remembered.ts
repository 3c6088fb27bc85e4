import type { ShopView, WarmUpLog } from "@kava/simulator/comparison/learningPolicy";

/** What each customer remembers (r of the game, fraction), followed week by week from the offers they saw. */
export class Remembered {
  readonly #depth: Float64Array;
  readonly #sentDepth: Float64Array;

  /** @param memory rho: share of the remembered depth that lasts a week, 0..1 */
  constructor(
    log: WarmUpLog,
    private readonly memory: number,
  ) {
    this.#depth = new Float64Array(log.size);
    this.#sentDepth = new Float64Array(log.size);
    const fromDay = new Float64Array(log.size);
    for (let day = 0; day < log.days; day++)
      for (let i = 0; i < log.size; i++) {
        if ((day + i) % 7 === 0) this.#learn(i, fromDay[i]!);
        if ((day + i) % 7 === 0) fromDay[i] = 0;
        fromDay[i] = Math.max(fromDay[i]!, log.inHand[i * log.days + day]!);
      }
  }

  of(customer: number): number {
    return this.#depth[customer]!;
  }

  /** On the morning after an offer's day: was it seen? */
  read({ size, day, liveDepth, discountYesterday }: ShopView): void {
    for (let i = 0; i < size; i++) {
      if ((day - 1 + i) % 7 !== 0) continue;
      const seen = liveDepth[i]! > 0 || discountYesterday[i]! > 0;
      this.#learn(i, seen ? this.#sentDepth[i]! : 0);
    }
  }

  sent(proposed: Float64Array): void {
    this.#sentDepth.set(proposed);
  }

  #learn(customer: number, depth: number): void {
    this.#depth[customer] = this.memory * this.#depth[customer]! + (1 - this.memory) * depth;
  }
}
