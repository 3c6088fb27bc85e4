import { setTimeout as pause } from "node:timers/promises";
import { DEFAULT_TENANT_SLUG, newId, tenantIdOf } from "@kava/contracts/ids";
import { fromDecimal } from "@kava/contracts/money";
import { chainOf, readDemoNote } from "@kava/importer/demo/fillDemo";
import type { DemoChain } from "@kava/simulator/chain";
import { simulatedInstant, type PaceClock } from "@kava/simulator/clock";
import { startLive, step, type LivePurchase, type LiveState } from "@kava/simulator/live";
import { ChainView } from "./chainView.js";
import { purchaseTeller } from "./purchaseLine.js";
import { recordLive, type Till } from "./recordLive.js";

export interface SimulationOptions {
  /** Simulated seconds a real second. */
  pace: number;
  /** How long in real milliseconds; Infinity: until it is stopped. */
  forMs: number;
  /** Default: the demo's own. */
  seed?: number | undefined;
}

export interface SimulationTotals {
  purchases: number;
  withOffer: number;
  refused: number;
}

/** The graph, as staff ask it. */
export interface Graph {
  url: string;
  token: string;
}

const TICK_MS = 500;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Purchases that are under way at a time: a pace above what the machine can record slows the clock down instead of piling up. */
const AT_ONCE = 16;

/** The chain that an installation's demo goes on as. Throws when it holds no demo. */
export const chainToGoOn = (home: string, seed: number | undefined, now: Date): DemoChain => {
  const note = readDemoNote(home);
  if (note?.state === "loaded") return chainOf({ ...note, seed: seed ?? note.seed, endAt: now.toISOString() });
  throw new Error(
    "There is no demo chain here whose customers could go on buying: start one with `npm start` (without --empty) in a new KAVA_HOME",
  );
};

/** Lets the demo chain's customers go on buying through the graph, each with the offer that the graph shows them. */
export class Simulation {
  readonly totals: SimulationTotals = { purchases: 0, withOffer: 0, refused: 0 };
  readonly #view: ChainView;
  readonly #till: Till;
  readonly #tell: (purchase: LivePurchase) => string;
  #state: LiveState;

  constructor(
    graph: Graph,
    chain: DemoChain,
    private readonly say: (text: string) => void,
  ) {
    const { minorDigits: digits } = chain.tenantFacts;
    const itemKeys = new Map(chain.items.map(({ sku, key }) => [sku, key]));
    this.#view = new ChainView(graph.url, graph.token, itemKeys, (amount) => fromDecimal(amount, digits));
    this.#till = { ...graph, digits, tenantId: tenantIdOf(DEFAULT_TENANT_SLUG), runId: `live-${newId()}` };
    this.#tell = purchaseTeller(chain, this.#view.names);
    this.#state = startLive(chain);
  }

  /** Runs until it is told to stop. */
  async run(pace: number, stop: AbortSignal): Promise<void> {
    this.say("Reading who is offered what …");
    await this.#view.readAll(() => {});
    const clock: PaceClock = { startedAt: new Date(), from: this.#state.at, pace };
    for (let readAt = this.#state.at.getTime(); !stop.aborted;) {
      await this.#liveUntil(simulatedInstant(clock, new Date()), stop);
      if (this.#state.at.getTime() - readAt > DAY_MS) {
        readAt = this.#state.at.getTime();
        await this.#view.readAll(() => {});
      }
      await pause(TICK_MS, undefined, { signal: stop }).catch(() => {});
    }
  }

  /** Lives on to an instant and records what is bought on the way; in steps of at most an hour, so that a purchase changes the offers of the next. */
  async #liveUntil(until: Date, stop: AbortSignal): Promise<void> {
    while (this.#state.at < until && !stop.aborted) {
      const to = new Date(Math.min(until.getTime(), this.#state.at.getTime() + HOUR_MS));
      const { state, purchases } = step(this.#state, this.#state.at, to, this.#view.offers);
      for (let i = 0; i < purchases.length && !stop.aborted; i += AT_ONCE)
        await Promise.all(purchases.slice(i, i + AT_ONCE).map((purchase) => this.#record(purchase)));
      this.#state = state;
    }
  }

  async #record(purchase: LivePurchase): Promise<void> {
    try {
      await recordLive(this.#till, purchase);
      this.totals.purchases += 1;
      if (purchase.offerItemKey) this.totals.withOffer += 1;
      this.say(this.#tell(purchase));
      if (purchase.customerKey !== null) await this.#view.readOffer(purchase.customerKey);
    } catch (error) {
      this.totals.refused += 1;
      this.say(`${this.#tell(purchase)}: not recorded, ${(error as Error).message}`);
    }
  }
}
