import type { DemoChain } from "./chain.js";
import { publicMarketing } from "./history.js";
import { relevanceOf } from "./lifestyle.js";
import { demoItems, findItemIndex } from "./menu.js";
import { promotionAt } from "./promotion.js";
import { reducedPrice, sell, type Reductions, type SimPurchase } from "./purchase.js";
import { arrive, copyShoppers, offerDays, type Influence, type Shoppers } from "./shoppers.js";
import { liveWindow, warmthAt, type Marketing, type Visit } from "./visits.js";

/** A customer's live offer, as the graph shows it. */
export interface LiveOffer {
  readonly itemKey: string;
  /** Percent off the list price, 0 < depth < 100. */
  readonly depth: number;
  /** What the item costs with it, minor units; default: the depth, rounded up. */
  readonly priceMinor?: number;
}

export interface LivePurchase extends SimPurchase {
  /** The item on which the customer used their personal offer; null when they used none. */
  readonly offerItemKey: string | null;
}

/** A chain that goes on after its history. Never changed: every step gives the next one. */
export interface LiveState {
  readonly chain: DemoChain;
  /** Up to here everything has been lived. */
  readonly at: Date;
  readonly shoppers: Shoppers;
  /** What each customer was last shown, by index. */
  readonly shown: readonly (Shown | undefined)[];
}

interface Shown {
  readonly itemKey: string;
  readonly depth: number;
  readonly day: number;
}

export interface LiveStep {
  readonly state: LiveState;
  /** In order of time. */
  readonly purchases: readonly LivePurchase[];
  /** Keys of the customers who in this window had enough of offers for good. */
  readonly optedOut: readonly string[];
}

/** The chain as its history leaves it, at `chain.endAt`. Takes about as long as the history itself. */
export function startLive(chain: DemoChain): LiveState {
  const shoppers = arrive(chain.town.population);
  for (let day = 0; day < chain.days; day++) {
    const promotion = promotionAt(chain.promotions, chain.town.calendar.instant(day, 12 * 60));
    liveWindow(chain.town, shoppers, day, -Infinity, chain.endAt.getTime(), publicMarketing(promotion));
  }
  return { chain, at: chain.endAt, shoppers, shown: [] };
}

/**
 * Lives the window [from, to). A customer decides at the one moment of the day at which they might come in, with the offer they
 * have then; steps of any length give the same purchases as one long step, as long as the offers are the same.
 *
 * A gap between `state.at` and `from` is lived without offers and without a record (nobody was watching).
 *
 * @param offers live offer by customer key; who is not in it has none
 * @throws RangeError when the window begins before `state.at` (it would be lived twice) or ends before it begins
 */
export function step(state: LiveState, from: Date, to: Date, offers: ReadonlyMap<string, LiveOffer>): LiveStep {
  if (!(from >= state.at))
    throw new RangeError(
      `The chain has already lived up to ${state.at.toISOString()}; a step cannot begin at ${format(from)}. Begin at state.at.`,
    );
  if (!(to >= from)) throw new RangeError(`A step from ${format(from)} cannot end at ${format(to)}; end it later.`);
  const { chain } = state;
  const next = { chain, at: to, shoppers: copyShoppers(state.shoppers), shown: state.shown.slice() };
  if (from > state.at) liveDays(next, state.at, from, new Map());
  const purchases = liveDays(next, from, to, offers);
  const optedOut = chain.customers.filter((_, i) => state.shoppers.reachable[i] === 1 && next.shoppers.reachable[i] === 0);
  return { state: next, purchases, optedOut: optedOut.map((customer) => customer.key) };
}

type Living = { chain: DemoChain; shoppers: Shoppers; shown: (Shown | undefined)[] };

function liveDays(living: Living, from: Date, to: Date, offers: ReadonlyMap<string, LiveOffer>): LivePurchase[] {
  const { town } = living.chain;
  const purchases: LivePurchase[] = [];
  const marketing = personalMarketing(living, offers);
  for (let day = town.calendar.dayOf(from.getTime()); day <= town.calendar.dayOf(to.getTime()); day++) {
    for (const visit of liveWindow(town, living.shoppers, day, from.getTime(), to.getTime(), marketing)) {
      purchases.push(sellLive(living, visit, offers));
    }
  }
  return purchases;
}

/**
 * Shows a customer the offer of the map when it is another one than they were last shown, when they bought since (every purchase
 * pushes), or when it is a week old. An offer that is no longer in the map, or has become another, cannot be used.
 */
function personalMarketing(living: Living, offers: ReadonlyMap<string, LiveOffer>): Marketing {
  const { chain, shoppers, shown } = living;
  return (customer, day, influence: Influence) => {
    const offer = customer < chain.customers.length ? offers.get(chain.customers[customer]!.key) : undefined;
    const item = offer && findItemIndex(offer.itemKey);
    const before = shown[customer];
    if (!offer || item === undefined) {
      shoppers.liveDepth[customer] = 0;
      shown[customer] = undefined;
      return;
    }
    influence.relevance = relevanceOf(chain.town.lifestyle, customer, item, day, warmthAt(chain.town.calendar, day));
    const same = before?.itemKey === offer.itemKey && before.depth === offer.depth;
    if (!same) shoppers.liveDepth[customer] = 0;
    if (same && day < before.day + offerDays) return;
    influence.proposedDepth = offer.depth / 100;
    shown[customer] = { itemKey: offer.itemKey, depth: offer.depth, day };
  };
}

function sellLive(living: Living, visit: Visit, offers: ReadonlyMap<string, LiveOffer>): LivePurchase {
  const { town, customers } = living.chain;
  const key = customers[visit.customer]?.key;
  const offer = visit.depth > 0 && key !== undefined ? offers.get(key) : undefined;
  living.shown[visit.customer] = undefined;
  if (!offer) return { ...sell(town, customers.length, visit), offerItemKey: null };
  const reductions = offerAtTill(living, visit, offer);
  const purchase = sell(town, customers.length, visit, { offer: reductions });
  const used = purchase.lines.some((line) => line.itemKey === offer.itemKey);
  return { ...purchase, offerItemKey: used ? offer.itemKey : null };
}

/** Who would not have bought at the list price has come for the offer; others take it up where they like the item. */
function offerAtTill({ chain }: Living, visit: Visit, offer: LiveOffer): NonNullable<Reductions["offer"]> {
  const { population, lifestyle, calendar } = chain.town;
  const item = findItemIndex(offer.itemKey)!;
  const priceMinor = offer.priceMinor ?? reducedPrice(demoItems[item]!.priceMinor, offer.depth);
  const cameForIt = population.tolerance[visit.customer]! + population.toleranceSpread[visit.customer]! * visit.mood <= 0;
  const relevance = relevanceOf(lifestyle, visit.customer, item, visit.day, warmthAt(calendar, visit.day));
  return { item, priceMinor, taken: cameForIt || relevance > 0.5 };
}

function format(instant: Date): string {
  return Number.isNaN(instant.getTime()) ? "an invalid date" : instant.toISOString();
}
