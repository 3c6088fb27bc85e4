import { selectRows, type Matrix } from "@kava/algorithms/matrix";
import { marginsOf } from "@kava/simulator/comparison/boundingPolicies";
import type { WarmUpLog } from "@kava/simulator/comparison/learningPolicy";
import { signsAt } from "./customerSigns.js";

/** The kept decisions of a warm-up as a trial of depths against none: row = customer. */
export interface DepthTrial {
  readonly customers: Uint32Array;
  /** What was known of the customer when the depth was drawn. */
  readonly features: Matrix;
  /** 0 = none. */
  readonly depths: Float64Array;
  readonly propensities: Float64Array;
  /** Whole margin of the customer while the decision was kept, core currency a day. */
  readonly outcomes: Float64Array;
  /** Discount given to them in that time, core currency a day. */
  readonly discounts: Float64Array;
  /** Turnover at list prices in that time, core currency a day. */
  readonly turnovers: Float64Array;
}

export function depthTrialOf(log: WarmUpLog): DepthTrial {
  const kept = log.decisions.filter((decision) => decision.days > 7);
  const start = kept.reduce((first, { day }) => Math.min(first, day), log.days);
  const amounts = (of: "list" | "margin" | "discount") =>
    marginsOf(
      {
        ...log,
        purchases: log.purchases.map((bought) => ({ ...bought, margin: of === "discount" ? bought.list * bought.depth : bought[of] })),
      },
      kept,
    );
  return {
    customers: Uint32Array.from(kept, ({ customer }) => customer),
    features: selectRows(
      signsAt(log, start),
      kept.map(({ customer }) => customer),
    ),
    depths: Float64Array.from(kept, ({ depth }) => depth),
    propensities: Float64Array.from(kept, ({ propensity }) => propensity),
    outcomes: amounts("margin"),
    discounts: amounts("discount"),
    turnovers: amounts("list"),
  };
}
