import { fitSpend } from "@kava/algorithms/lifetime/fitSpend";
import { fitVisits } from "@kava/algorithms/lifetime/fitVisits";
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

/** The parameters in service. */
export interface Lifetimes {
  /** Null before the first fit. */
  model(tenantId: string): Promise<LifetimeModel | null>;
}

/** What a fit takes; it crosses to a thread of its own. Money in minor units. */
export interface LifetimeInput {
  buyers: { purchases: number; firstAt: number; lastAt: number; totalMinor: number }[];
  /** Milliseconds. */
  now: number;
  margin: Pick<LifetimeModel, "marginShare" | "marginFrom">;
}

/** Fits a chain's parameters around the pooled prior, which fades as customers become more. Null without a paying customer. */
export const fitLifetime = ({ buyers, now, margin }: LifetimeInput): LifetimeModel | null => {
  const histories = buyers.map((buyer) => historyAt(buyer, now));
  const paying = buyers.filter((buyer) => buyer.totalMinor > 0);
  if (paying.length === 0) return null;
  const visits = fitVisits(
    {
      repeats: Float64Array.from(histories, ({ repeats }) => repeats),
      lastWeeks: Float64Array.from(histories, ({ lastWeeks }) => lastWeeks),
      weeks: Float64Array.from(histories, ({ weeks }) => weeks),
    },
    { prior: VISIT_PRIOR },
  );
  const spend = fitSpend(
    {
      purchases: Float64Array.from(paying, ({ purchases }) => purchases),
      means: Float64Array.from(paying, ({ purchases, totalMinor }) => totalMinor / purchases),
    },
    { prior: SPEND_PRIOR },
  );
  return {
    format: 1,
    visits: visits.parameters,
    spend: spend.parameters,
    ...margin,
    customers: visits.customers,
    priorDominates: visits.priorDominates || spend.priorDominates,
  };
};

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
const historyAt = (
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
): Pick<LifetimeModel, "marginShare" | "marginFrom"> => {
  const netShare = tax.mode === "inclusive" ? 1 / (1 + tax.rate) : 1;
  return paidMinor > 0
    ? { marginShare: netShare - costMinor / paidMinor, marginFrom: "costs" }
    : { marginShare: netShare * floor, marginFrom: "floor" };
};

/** Whether to fit: daily, once there are enough buyers. */
export const isFitDue = ({ fittedAt, buyers }: { fittedAt: Date | null; buyers: number }, now: Date): boolean =>
  buyers >= FEWEST_BUYERS && (fittedAt === null || now.getTime() - fittedAt.getTime() >= A_DAY_MS);
