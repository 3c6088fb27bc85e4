import { expectedPurchases } from "@kava/algorithms/lifetime/expectedPurchases";
import { fitSpend, type SpendFit } from "@kava/algorithms/lifetime/fitSpend";
import { fitVisits, type VisitFit } from "@kava/algorithms/lifetime/fitVisits";
import { judgeHoldout, type HoldoutJudgement } from "@kava/algorithms/lifetime/judgeHoldout";
import { lifetimeValue } from "@kava/algorithms/lifetime/lifetimeValue";
import type { PurchaseHistory } from "@kava/algorithms/lifetime/purchaseHistories";
import { expectedSpend } from "@kava/algorithms/lifetime/spendModel";
import { probabilityAlive } from "@kava/algorithms/lifetime/visitModel";
import type { Progress } from "@kava/importer/terminal/progress";
import type { CustomerDays } from "./purchases.js";

/** A customer at the end of the calibration, and after it. */
export interface CustomerLifetime {
  readonly name: string;
  readonly firstDay: number;
  readonly history: PurchaseHistory;
  /** Probability of still being a customer. */
  readonly alive: number;
  /** Purchases in the holdout: predicted and made. */
  readonly predicted: number;
  readonly actual: number;
  /** Mean of what is paid at a purchase, as the model expects it. */
  readonly spend: number;
  /** Paid in the holdout: predicted and real. */
  readonly predictedPaid: number;
  readonly actualPaid: number;
  /** Margin of the next 52 weeks, discounted at 10 % a year. */
  readonly value: number;
}

export interface LifetimeFit {
  readonly visits: VisitFit;
  readonly spend: SpendFit;
  readonly customers: readonly CustomerLifetime[];
  readonly holdout: HoldoutJudgement;
  readonly holdoutPaid: HoldoutJudgement;
  readonly holdoutWeeks: number;
}

export interface LifetimeOptions {
  /** Days since 1970: the last of the calibration, and of the table. */
  readonly until: number;
  readonly last: number;
  /** Share of what is paid that is margin. */
  readonly margin: number;
  readonly progress: Progress;
}

/** Fits both models to the days until the calibration ends, and predicts the days after it. */
export const fitLifetimes = (all: readonly CustomerDays[], { until, last, margin, progress }: LifetimeOptions): LifetimeFit => {
  const customers = all.filter(({ days }) => days[0]! <= until);
  const histories = customers.map((customer) => historyOf(customer, until));
  const own = customers.map((customer) => repeatSpend(customer, until));
  progress.part("fitting visits (BG/NBD)", 0);
  const visits = fitVisits({
    repeats: histories.map(({ repeats }) => repeats),
    lastWeeks: histories.map(({ lastWeeks }) => lastWeeks),
    weeks: histories.map(({ weeks }) => weeks),
  });
  progress.part("fitting amounts (Gamma-Gamma)", 0);
  const spenders = own.filter(({ purchases, mean }) => purchases > 0 && mean > 0);
  const spend = fitSpend({ purchases: spenders.map(({ purchases }) => purchases), means: spenders.map(({ mean }) => mean) });
  const holdoutWeeks = (last - until) / 7;
  progress.part("predicting", customers.length);
  const lifetimes = customers.map((customer, i): CustomerLifetime => {
    if (i % 1_000 === 0) progress.at(i);
    const history = histories[i]!;
    const predicted = expectedPurchases(visits.parameters, history, holdoutWeeks);
    const { purchases, mean } = own[i]!;
    const spent = expectedSpend(spend.parameters, mean > 0 ? purchases : 0, mean);
    const after = customer.days.findIndex((day) => day > until);
    return {
      name: customer.name,
      firstDay: customer.days[0]!,
      history,
      alive: probabilityAlive(visits.parameters, history),
      predicted,
      actual: after === -1 ? 0 : customer.days.length - after,
      spend: spent,
      predictedPaid: predicted * spent,
      actualPaid: after === -1 ? 0 : sum(customer.values.slice(after)),
      value: lifetimeValue(visits.parameters, history, margin * spent).amount,
    };
  });
  return {
    visits,
    spend,
    customers: lifetimes,
    holdout: judgeHoldout(
      lifetimes.map(({ predicted }) => predicted),
      lifetimes.map(({ actual }) => actual),
    ),
    holdoutPaid: judgeHoldout(
      lifetimes.map(({ predictedPaid }) => predictedPaid),
      lifetimes.map(({ actualPaid }) => actualPaid),
    ),
    holdoutWeeks,
  };
};

const historyOf = ({ days }: CustomerDays, until: number): PurchaseHistory => {
  const known = days.filter((day) => day <= until);
  return { repeats: known.length - 1, lastWeeks: (known.at(-1)! - known[0]!) / 7, weeks: (until - known[0]!) / 7 };
};

/** The purchases after the first one, and what they were worth on average: the first is often another kind of purchase. */
const repeatSpend = ({ days, values }: CustomerDays, until: number): { purchases: number; mean: number } => {
  const repeats = values.filter((_, i) => i > 0 && days[i]! <= until);
  return { purchases: repeats.length, mean: repeats.length === 0 ? 0 : Math.max(0, sum(repeats) / repeats.length) };
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
