import { HORIZON_WEEKS, lifetimeValue } from "@kava/algorithms/lifetime/lifetimeValue";
import { SPEND_PRIOR, VISIT_PRIOR } from "@kava/algorithms/lifetime/pooledPriors";
import type { PurchaseHistory } from "@kava/algorithms/lifetime/purchaseHistories";
import { expectedSpend, type SpendParameters } from "@kava/algorithms/lifetime/spendModel";
import { probabilityAlive, type VisitParameters } from "@kava/algorithms/lifetime/visitModel";
import type { TenantFacts } from "@kava/contracts/tenant";
import type { Habits } from "./habits.js";

const A_DAY_MS = 86_400_000;
const A_WEEK_MS = 7 * A_DAY_MS;

/** Fewer buyers than this are no chain to learn from: no value is told. */
export const FEWEST_BUYERS = 10;
/** A fit looks at this many buyers at the most, drawn evenly. */
export const MOST_BUYERS = 20_000;
export const HORIZON_DAYS = HORIZON_WEEKS * 7;

/** The fitted parameters of a chain; plain JSON. */
export interface LifetimeModel {
  format: 1;
  visits: VisitParameters;
  spend: SpendParameters;
  /** Margin of a purchase as a share of what was paid for it. */
  marginShare: number;
  /** Whether that share is of recent purchases whose items' cost is known, or the least margin that the chain allows. */
  marginFrom: "costs" | "floor";
  /** Buyers that the fit rests on. */
  customers: number;
  /** More than half of the answer is what is known of other chains. */
  priorDominates: boolean;
}

export type Margin = Pick<LifetimeModel, "marginShare" | "marginFrom">;

/** The parameters in service. */
export interface Lifetimes {
  /** Null before the first fit. */
  model(tenantId: string): Promise<LifetimeModel | null>;
}

/** The mean over customers of what a purchase is worth to them, p γ / (q − 1). */
export const meanValue = ({ spend: { p, q, gamma } }: LifetimeModel): number => (p * gamma) / (q - 1);

/** The pooled prior itself as a model, at a price level in minor units. */
export const pooledModel = (level: number, margin: Margin): LifetimeModel => {
  const [r, alpha, a, b] = VISIT_PRIOR.centre;
  const [p, qAboveOne] = SPEND_PRIOR.centre;
  return {
    format: 1,
    visits: { r: r!, alpha: alpha!, a: a!, b: b! },
    spend: { p: p!, q: 1 + qAboveOne!, gamma: (level * qAboveOne!) / p! },
    ...margin,
    customers: 0,
    priorDominates: true,
  };
};

/** What is known of other chains alone, at the price level of a model that is no longer trusted. */
export const pooledInsteadOf = (model: LifetimeModel): LifetimeModel =>
  pooledModel(meanValue(model), { marginShare: model.marginShare, marginFrom: model.marginFrom });

/** What a customer is expected to bring in the next 52 weeks; money in minor units. */
export interface ExpectedLifetime {
  amountMinor: number;
  expectedPurchases: number;
  probabilityAlive: number;
}

/** From the customer's own habits alone, in constant time; null before the first purchase. */
export const lifetimeOf = (model: LifetimeModel, habits: Habits, now: Date): ExpectedLifetime | null => {
  const { purchaseCount: purchases, firstAt, lastAt, totalMinor } = habits;
  if (firstAt === null || lastAt === null) return null;
  const history = historyAt({ purchases, firstAt, lastAt }, now.getTime());
  const margin = expectedSpend(model.spend, purchases, Math.max(0, totalMinor) / purchases) * model.marginShare;
  const { amount, expectedPurchases } = lifetimeValue(model.visits, history, margin);
  return { amountMinor: Math.round(amount), expectedPurchases, probabilityAlive: probabilityAlive(model.visits, history) };
};

/** x, t_x and T. A till's clock may be ahead of ours: what was bought then was bought by now. */
export const historyAt = (
  { purchases, firstAt, lastAt }: { purchases: number; firstAt: number; lastAt: number },
  now: number,
): PurchaseHistory => ({
  repeats: purchases - 1,
  lastWeeks: purchases > 1 ? (lastAt - firstAt) / A_WEEK_MS : 0,
  weeks: (Math.max(now, lastAt) - firstAt) / A_WEEK_MS,
});

/**
 * The margin of a purchase as a share of what was paid, taxes taken off: of the lines whose items' cost is known; when there is none, the least that
 * the chain allows (its floor), which is less than it makes. `paidMinor` and `costMinor` are sums over these lines.
 */
export const marginOf = (
  { paidMinor, costMinor }: { paidMinor: number; costMinor: number },
  { tax, floor }: Pick<TenantFacts, "tax" | "floor">,
): Margin => {
  const netShare = tax.mode === "inclusive" ? 1 / (1 + tax.rate) : 1;
  return paidMinor > 0
    ? { marginShare: netShare - costMinor / paidMinor, marginFrom: "costs" }
    : { marginShare: netShare * floor, marginFrom: "floor" };
};

/** Whether to fit: daily (`fittedAt`: the last time that it was done, whatever came of it), once there are enough buyers. */
export const isFitDue = ({ fittedAt, buyers }: { fittedAt: Date | null; buyers: number }, now: Date): boolean =>
  buyers >= FEWEST_BUYERS && (fittedAt === null || now.getTime() - fittedAt.getTime() >= A_DAY_MS);
