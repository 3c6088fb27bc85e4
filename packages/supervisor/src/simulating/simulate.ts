import { setTimeout as pause } from "node:timers/promises";
import { DEFAULT_TENANT_SLUG, newId, tenantIdOf } from "@kava/contracts/ids";
import { fromDecimal, toDecimal } from "@kava/contracts/money";
import type { Instance } from "@kava/platform/instance";
import { chainOf, readDemoNote } from "@kava/importer/demo/fillDemo";
import { simulatedInstant } from "@kava/simulator/clock";
import { startLive, step, type LivePurchase, type LiveState } from "@kava/simulator/live";
import { ChainView } from "./chainView.js";
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

const TICK_MS = 500;
const DAY_MS = 86_400_000;
/** Purchases that are under way at a time: a pace above what the machine can record slows the clock down instead of piling up. */
const AT_ONCE = 16;

/** Lets the demo chain's customers go on buying through the graph, each with the offer that the graph shows them. Ends when told to. */
export const simulate = async (
  instance: Instance,
  home: string,
  token: string,
  options: SimulationOptions,
  stop: AbortSignal,
  say: (text: string) => void,
): Promise<SimulationTotals> => {
  const note = readDemoNote(home);
  if (note?.state !== "loaded")
    throw new Error(
      "There is no demo chain here whose customers could go on buying: start one with `npm start` (without --empty) in a new KAVA_HOME",
    );
  const chain = chainOf({ ...note, seed: options.seed ?? note.seed, endAt: new Date().toISOString() });
  const { minorDigits: digits, currency, timeZone } = chain.tenantFacts;
  const till: Till = { url: instance.urls.gateway, token, tenantId: tenantIdOf(DEFAULT_TENANT_SLUG), digits, runId: `live-${newId()}` };
  const view = new ChainView(till.url, token, new Map(chain.items.map(({ sku, key }) => [sku, key])), (amount) =>
    fromDecimal(amount, digits),
  );
  say("Reading who is offered what …");
  await view.readAll(() => {});
  let state = startLive(chain);
  const clock = { startedAt: new Date(), from: state.at, pace: options.pace };
  const totals: SimulationTotals = { purchases: 0, withOffer: 0, refused: 0 };
  const shown = new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit" });
  const itemName = new Map(chain.items.map(({ key, name }) => [key, name]));
  const describe = (purchase: LivePurchase): string => {
    const who = purchase.customerKey === null ? "a guest" : (view.names.get(purchase.customerKey) ?? purchase.customerKey);
    const what = purchase.lines.map(({ itemKey, quantity }) => `${quantity > 1 ? `${quantity} ` : ""}${itemName.get(itemKey)}`).join(", ");
    const paid = toDecimal(
      purchase.lines.reduce((sum, line) => sum + line.paidMinor, 0),
      digits,
    );
    return `${shown.format(purchase.at)}  ${who}: ${what}, ${paid} ${currency}${purchase.offerItemKey ? ", with their offer" : ""}`;
  };
  const live = async (purchase: LivePurchase): Promise<void> => {
    try {
      await recordLive(till, purchase);
      totals.purchases += 1;
      if (purchase.offerItemKey) totals.withOffer += 1;
      say(describe(purchase));
      if (purchase.customerKey !== null) await view.readOffer(purchase.customerKey);
    } catch (error) {
      totals.refused += 1;
      say(`${describe(purchase)}: not recorded, ${(error as Error).message}`);
    }
  };
  let refreshedAt = state.at.getTime();
  for (const end = Date.now() + options.forMs; !stop.aborted && Date.now() < end;) {
    state = await liveUntil(state, simulatedInstant(clock, new Date()), view, live, stop);
    if (state.at.getTime() - refreshedAt > DAY_MS) {
      refreshedAt = state.at.getTime();
      await view.readAll(() => {});
    }
    await pause(TICK_MS, undefined, { signal: stop }).catch(() => {});
  }
  return totals;
};

/** Lives on to an instant and records what is bought on the way; in steps of at most an hour, so that a purchase changes the offers of the next. */
const liveUntil = async (
  state: LiveState,
  until: Date,
  view: ChainView,
  record: (purchase: LivePurchase) => Promise<void>,
  stop: AbortSignal,
): Promise<LiveState> => {
  let current = state;
  while (current.at < until && !stop.aborted) {
    const to = new Date(Math.min(until.getTime(), current.at.getTime() + 3_600_000));
    const lived = step(current, current.at, to, view.offers);
    for (let i = 0; i < lived.purchases.length && !stop.aborted; i += AT_ONCE)
      await Promise.all(lived.purchases.slice(i, i + AT_ONCE).map(record));
    current = lived.state;
  }
  return current;
};
