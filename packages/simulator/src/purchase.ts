import { uniformAt } from "@kava/algorithms/random";
import { fillBasket, type Taken } from "./basket.js";
import { demoItems } from "./menu.js";
import { pick } from "./pick.js";
import { promotedCategory, type SimPromotion } from "./promotion.js";
import { purpose } from "./purposes.js";
import { demoVenues } from "./venues.js";
import { warmthAt, type Town, type Visit } from "./visits.js";

export interface SimLine {
  readonly itemKey: string;
  readonly quantity: number;
  /** List price of one, minor units. */
  readonly unitPriceMinor: number;
  /** What was paid for the whole line, minor units. */
  readonly paidMinor: number;
}

export interface SimPurchase {
  /** Stable and unique, "demo-0001:2026-05-03:1"; of a walk-in "walk-in-0001:2026-05-03:1". */
  readonly key: string;
  /** Null when nobody knows who it was. */
  readonly customerKey: string | null;
  readonly venueKey: string;
  readonly at: Date;
  readonly lines: readonly SimLine[];
  /** What was taken off the list prices of the whole purchase, minor units. */
  readonly discountMinor: number;
}

/** What a price is reduced by at the till. */
export interface Reductions {
  readonly promotion?: SimPromotion | undefined;
  /** A personal offer, used on one unit of an item. `priceMinor`: what that unit costs with it. */
  readonly offer?: { readonly item: number; readonly priceMinor: number; readonly taken: boolean } | undefined;
}

/** Turns a visit into a purchase. `registered`: number of customers with a card; those after them are walk-ins. */
export function sell(town: Town, registered: number, visit: Visit, { promotion, offer }: Reductions = {}): SimPurchase {
  const { customer, day } = visit;
  const baskets = fillBasket(town.lifestyle, {
    seed: town.population.seed,
    customer,
    day,
    warmth: warmthAt(town.calendar, day),
    mood: visit.mood,
    first: offer?.taken ? offer.item : undefined,
    promoted: promotion && promotedCategory(promotion),
  });
  const lines = baskets.map((taken) => priceLine(taken, promotion, offer));
  const known = customer < registered;
  const number = String((known ? customer : customer - registered) + 1).padStart(4, "0");
  const name = `${known ? "demo" : "walk-in"}-${number}`;
  return {
    key: `${name}:${town.calendar.dateOf(day)}:1`,
    customerKey: known ? name : null,
    venueKey: demoVenues[chooseVenue(town, customer, day)]!.key,
    at: new Date(visit.at),
    lines,
    discountMinor: lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor - line.paidMinor, 0),
  };
}

/** A price reduced by a depth in percent, rounded up to the minor unit. */
export function reducedPrice(listMinor: number, depth: number): number {
  return Math.ceil((listMinor * (100 - depth)) / 100 - 1e-9);
}

/** The offer is for one unit; all others pay the promotion's price or the list price, whichever is lower. */
function priceLine({ item, quantity }: Taken, promotion: SimPromotion | undefined, offer: Reductions["offer"]): SimLine {
  const { key, category, priceMinor } = demoItems[item]!;
  const publicPrice = promotion?.category === category ? reducedPrice(priceMinor, promotion.depth) : priceMinor;
  const firstPrice = offer?.item === item ? Math.min(offer.priceMinor, publicPrice) : publicPrice;
  return { itemKey: key, quantity, unitPriceMinor: priceMinor, paidMinor: firstPrice + (quantity - 1) * publicPrice };
}

/** Mostly the customer's own venue; otherwise the busier ones are likelier. */
function chooseVenue({ population, lifestyle }: Town, customer: number, day: number): number {
  const { seed } = population;
  if (uniformAt(seed, customer, day, purpose.venue) < 0.84) return lifestyle.homeVenue[customer]!;
  return pick(passersBy, uniformAt(seed, customer, day, purpose.otherVenue));
}

const passersBy = [5, 4, 2, 2, 2, 1]; // in the order of `demoVenues`
