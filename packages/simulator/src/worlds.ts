/**
 * The three frozen worlds of customers. They differ only in how many customers are sensitive to price, how many remember
 * offers and wait for the next one, and whether an offer brings a visit forward.
 *
 * Tolerance is the logarithm of (highest price a customer pays / list price): -0.22 pays at most 80 % of the list price,
 * 0.30 would pay 135 %.
 */
export interface World {
  /** Share of customers who find the list price too high, 0..1. */
  readonly priceSensitiveShare: number;
  /** Mean log tolerance of those customers. */
  readonly sensitiveTolerance: number;
  /** Mean log tolerance of all others. */
  readonly otherTolerance: number;
  /** Share of customers who remember past offers and wait for a deeper one, 0..1. */
  readonly strategicShare: number;
  /** By how much a live offer raises the visit hazard of half of the customers (0.3 = +30 %), >= 0. */
  readonly offerLift: number;
}

export type WorldName = "calm" | "mixed" | "waiters";

/** Frozen: measurements of different versions are only comparable while these numbers stay as they are. */
export const worlds: Readonly<Record<WorldName, World>> = Object.freeze({
  /** Hardly anyone is sensitive to price: nobody should be discounted. */
  calm: Object.freeze({ priceSensitiveShare: 0.1, sensitiveTolerance: -0.05, otherTolerance: 0.3, strategicShare: 0.2, offerLift: 0 }),
  /** Who gets the discount decides whether it pays. The demo chain lives here. */
  mixed: Object.freeze({ priceSensitiveShare: 0.4, sensitiveTolerance: -0.22, otherTolerance: 0.25, strategicShare: 0.25, offerLift: 0.3 }),
  /** As mixed, but most customers learn to wait for the next offer. */
  waiters: Object.freeze({
    priceSensitiveShare: 0.4,
    sensitiveTolerance: -0.22,
    otherTolerance: 0.25,
    strategicShare: 0.8,
    offerLift: 0.3,
  }),
});

/** How customers come and go. */
export interface Life {
  /** Share of customers who join during the first `joinWindowDays`, 0..1. */
  readonly newcomerShare: number;
  /** Days over which newcomers join, evenly. */
  readonly joinWindowDays: number;
  /** Probability that a present customer lapses on a day, 0..1. */
  readonly lapsePerDay: number;
  /** Probability that a lapsed customer comes back on a day, 0..1; raised by a live offer as the visit hazard is. */
  readonly revivalPerDay: number;
}

/** Nobody joins and nobody lapses: the bare core, as the published figures of the three worlds use it. */
export const settledLife: Life = Object.freeze({ newcomerShare: 0, joinWindowDays: 0, lapsePerDay: 0, revivalPerDay: 0 });

/** A chain that grows: a quarter joins over the window; about one customer in six is away at any time. */
export function growingLife(joinWindowDays: number): Life {
  return { newcomerShare: 0.25, joinWindowDays, lapsePerDay: 1 / 300, revivalPerDay: 1 / 60 };
}
