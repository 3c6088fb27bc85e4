import { compareHoldout } from "@kava/algorithms/lifetime/compareHoldout";
import { expectedPurchases } from "@kava/algorithms/lifetime/expectedPurchases";
import { fitSpend } from "@kava/algorithms/lifetime/fitSpend";
import { fitVisits } from "@kava/algorithms/lifetime/fitVisits";
import { SPEND_PRIOR, VISIT_PRIOR } from "@kava/algorithms/lifetime/pooledPriors";
import { expectedSpend } from "@kava/algorithms/lifetime/spendModel";
import { historyAt, meanValue, pooledModel, type LifetimeModel, type Margin } from "./lifetime.js";
import { learnedFrom, shiftsSince, type Learned, type LifetimeComparison, type OnStep, type Shift } from "./modelLife.js";

const A_WEEK_MS = 7 * 86_400_000;

/** A buyer's purchases up to some moment; milliseconds and minor units. */
export interface BuyerHistory {
  purchases: number;
  firstAt: number;
  lastAt: number;
  totalMinor: number;
}
/** A buyer, now and at the end of what is learned from; `before` is null of who first came after it. */
export interface Buyer {
  now: BuyerHistory;
  before: BuyerHistory | null;
  /** In the weeks that are held out. */
  later: { purchases: number; totalMinor: number };
}
/** The weeks that are held out, in milliseconds: what is learned ends where they begin. */
export interface HeldOut {
  from: number;
  to: number;
}

/** What a fit takes; it crosses to a thread of its own. Money in minor units. */
export interface LifetimeInput {
  buyers: Buyer[];
  /** Null: the record is too short to hold anything out, and `before` is now. */
  heldOut: HeldOut | null;
  /** Milliseconds. */
  now: number;
  margin: Margin;
  inService: LifetimeModel | null;
  /** What the one in service learned from, if that is known. */
  learnedInService: Learned | null;
}

/** What a fit gives. */
export interface LifetimeFitted {
  model: LifetimeModel;
  /** What is known of other chains at this one's price level: serves where the first model is refused. */
  pooled: LifetimeModel;
  /** Null when there is too little to judge by. */
  comparison: LifetimeComparison | null;
  learned: Learned;
  /** Of the new model, and of the one in service, to what buyers are now. */
  shift: Shift[];
  shiftInService: Shift[] | null;
}

/**
 * Fits a chain's parameters on what was before the held-out weeks, around the pooled prior, which fades as customers become more, and judges them on those weeks.
 * What is judged is what serves: it knows no more. Nor did the one in service know these weeks when it was fitted, as it had held out its own. Null without a paying customer.
 */
export const fitLifetime = (input: LifetimeInput, onStep: OnStep = () => {}): LifetimeFitted | null => {
  const { buyers, heldOut, now, margin, inService, learnedInService } = input;
  const until = heldOut?.from ?? now;
  const known = buyers.filter((buyer): buyer is Buyer & { before: BuyerHistory } => buyer.before !== null);
  const before = known.map((buyer) => buyer.before);
  if (!before.some((buyer) => buyer.totalMinor > 0)) return null;
  const model = parametersOf(before, until, margin, onStep);
  const pooled = pooledModel(meanValue(model), margin);
  onStep({ step: "judging by the latest weeks", done: 2, total: 3 });
  const features = featuresOf(
    buyers.map((buyer) => buyer.now),
    now,
  );
  const learned = learnedFrom(featuresOf(before, until));
  return {
    model,
    pooled,
    comparison:
      heldOut &&
      judge({ known, heldOut, model, other: inService ?? pooled, against: inService && inService.customers > 0 ? "inService" : "prior" }),
    learned,
    shift: shiftsSince(learned, features),
    shiftInService: learnedInService && shiftsSince(learnedInService, features),
  };
};

const parametersOf = (buyers: readonly BuyerHistory[], until: number, margin: Margin, onStep: OnStep): LifetimeModel => {
  onStep({ step: "visits", done: 0, total: 3 });
  const histories = buyers.map((buyer) => historyAt(buyer, until));
  const paying = buyers.filter((buyer) => buyer.totalMinor > 0);
  const visits = fitVisits(
    {
      repeats: Float64Array.from(histories, ({ repeats }) => repeats),
      lastWeeks: Float64Array.from(histories, ({ lastWeeks }) => lastWeeks),
      weeks: Float64Array.from(histories, ({ weeks }) => weeks),
    },
    { prior: VISIT_PRIOR },
  );
  onStep({ step: "values", done: 1, total: 3 });
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

/** Fewer say too little of the rest. */
const LEAST_JUDGED = 50;

interface Trial {
  known: readonly (Buyer & { before: BuyerHistory })[];
  heldOut: HeldOut;
  model: LifetimeModel;
  other: LifetimeModel;
  against: LifetimeComparison["against"];
}
const judge = ({ known, heldOut: { from, to }, model, other, against }: Trial): LifetimeComparison | null => {
  const happened = known.reduce((sum, { later }) => sum + later.purchases, 0);
  if (known.length < LEAST_JUDGED || happened < LEAST_JUDGED) return null;
  const weeks = (to - from) / A_WEEK_MS;
  const expected = (by: LifetimeModel) => {
    const purchases = Float64Array.from(known, ({ before }) => expectedPurchases(by.visits, historyAt(before, from), weeks));
    const value = Float64Array.from(
      known,
      ({ before }, i) => purchases[i]! * expectedSpend(by.spend, before.purchases, Math.max(0, before.totalMinor) / before.purchases),
    );
    return { purchases, value };
  };
  const [before, after] = [expected(other), expected(model)];
  return {
    weeks,
    against,
    purchases: compareHoldout(
      before.purchases,
      after.purchases,
      Float64Array.from(known, ({ later }) => later.purchases),
    ),
    value: compareHoldout(
      before.value,
      after.value,
      Float64Array.from(known, ({ later }) => Math.max(0, later.totalMinor)),
    ),
  };
};

/** What would show that a chain's buyers are others than they were. Their age is none of it: that grows by itself. */
const featuresOf = (buyers: readonly BuyerHistory[], until: number): Record<string, Float64Array> => ({
  purchasesPerWeek: Float64Array.from(buyers, ({ purchases, firstAt }) => purchases / Math.max(1, (until - firstAt) / A_WEEK_MS)),
  weeksSinceLast: Float64Array.from(buyers, ({ lastAt }) => Math.max(0, until - lastAt) / A_WEEK_MS),
  meanValueMinor: Float64Array.from(buyers, ({ purchases, totalMinor }) => totalMinor / purchases),
});

const LEAST_WEEKS = 4;
/** A quarter of a year judges a forecast of a year well enough; a model that knows nothing of a longer time would be out of date. */
const MOST_WEEKS = 13;
/** Of the buyers so many first came before the record begins for this: a purchase under a wrong date, years ago, makes no long record. */
const STRAYS = 0.05;

/**
 * The weeks that are held out: the last quarter of the record, at least four where as many are left to learn from, 13 at the most. The record ends with its
 * last purchase, since an old import ends where its records do. Null when it is shorter than two weeks.
 */
export const heldOutOf = (buyers: readonly { firstAt: number; lastAt: number }[], now: number): HeldOut | null => {
  if (buyers.length === 0) return null;
  const firsts = buyers.map((buyer) => buyer.firstAt).sort((a, b) => a - b);
  const to = Math.min(
    now,
    buyers.reduce((latest, { lastAt }) => Math.max(latest, lastAt), -Infinity),
  );
  const weeks = (to - firsts[Math.floor(STRAYS * firsts.length)]!) / A_WEEK_MS;
  if (weeks < 2) return null;
  const held = Math.min(MOST_WEEKS, weeks >= 2 * LEAST_WEEKS ? Math.max(LEAST_WEEKS, weeks / 4) : weeks / 4);
  return { from: to - held * A_WEEK_MS, to };
};
