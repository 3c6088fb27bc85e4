import type { Population } from "./population.js";

/** What a shop can know on the morning of a day. Arrays are indexed by customer and are only valid during the call. */
export interface ShopView {
  readonly day: number;
  readonly size: number;
  /** The noisy sign of price sensitivity that the shop observes of each customer. */
  readonly observed: Float64Array;
  /** Depth of the offer each customer holds, fraction; 0 = none. */
  readonly liveDepth: Float64Array;
  /** 0 where a customer opted out or has not joined yet: a proposal to them goes nowhere. */
  readonly reachable: Uint8Array;
  /** 1 where the customer bought yesterday. */
  readonly boughtYesterday: Uint8Array;
  /** Margin of yesterday's purchase, core currency; 0 without one. */
  readonly marginYesterday: Float64Array;
  /** Yesterday's purchase at list prices, core currency; 0 without one. */
  readonly listYesterday: Float64Array;
  /** What yesterday's purchase was discounted by, core currency; 0 without a discount. */
  readonly discountYesterday: Float64Array;
  /** Days since the customer's last purchase (at the start: a guess of the shop's own records). */
  readonly sinceVisit: Float64Array;
}

/** Writes the depth (fraction, 0 <= depth < 1) to send to each customer today into `proposed`, which arrives as zeros. */
export type Policy = (view: ShopView, proposed: Float64Array) => void;

/** Nobody ever gets an offer. */
export const noOffers: Policy = () => {};

/** One depth for everybody, once a week; customers take turns over the days of the week. */
export function uniformWeekly(depth: number): Policy {
  return weeklyTo(depth, () => true);
}

/** One depth, once a week, for the `share` of customers with the lowest score (e.g. the truth's tolerance, or what is observed of it). */
export function lowestWeekly(depth: number, share: number, score: Float64Array): Policy {
  const threshold = score.slice().sort()[Math.floor(share * score.length)] ?? -Infinity;
  return weeklyTo(depth, (customer) => score[customer]! < threshold);
}

/** Knows the truth: offers only to the most price-sensitive. No real policy can do this; it shows what there is to gain. */
export function oracleWeekly(depth: number, share: number, truth: Population): Policy {
  return lowestWeekly(depth, share, truth.tolerance);
}

function weeklyTo(depth: number, chosen: (customer: number) => boolean): Policy {
  return ({ day, size }, proposed) => {
    for (let customer = 0; customer < size; customer++) {
      if ((day + customer) % 7 === 0 && chosen(customer)) proposed[customer] = depth;
    }
  };
}
