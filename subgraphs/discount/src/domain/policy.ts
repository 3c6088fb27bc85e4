import type { FrequencyCap } from "@kava/algorithms/policy/frequencyCaps";

/** What the policy is: its constants in one place, each with its reason. A change of any of them is a new version. */

/** Kept with every decision and offer. */
export const POLICY_VERSION = "margin-4";

/** The depths that may be offered, percent, ascending. Round ones only: an odd depth would tell that a floor bound. */
export const DEPTHS: readonly number[] = [5, 10, 15, 20, 25, 30, 35, 40];

/**
 * The deepest offer while nothing randomised has been logged (rung 0), percent. What depth does is then a prior and not a finding, and a prior must
 * not give a chain's margin away.
 */
export const SHALLOW_DEPTH = 10;
/** Share of the weeks of rung 0 that get no offer: what offers change is measured against them, so that they are the larger half. */
export const NONE_SHARE = 0.5;

/** The depth of a typical offer, percent: what `discountAffinity` asks about. */
export const TYPICAL_DEPTH = 10;

/** How long an offer lives, and so the span over which the response is predicted. */
export const OFFER_DAYS = 7;

/** Share of all customers that is never offered anything, for ever, so that we can see what offers are worth. */
export const HOLDOUT_SHARE = 0.05;

/** Most items considered in one decision. */
export const MOST_CANDIDATES = 10;

/** How many offers a customer may get within how many days: items change within a week, patience does not grow. */
export const CAPS: readonly FrequencyCap[] = [
  { days: 7, most: 5 },
  { days: 28, most: 12 },
];
/** As far back as they look. */
export const CAPPED_DAYS = Math.max(...CAPS.map(({ days }) => days));

/** Share of a chain's turnover that discounts may take; λ sees to it from rung 1 on. */
export const BUDGET_SHARE = 0.1;
/** c_send, minor units: a push costs nothing. */
export const SENDING_COST = 0;

/** δ, what next week is worth to the chain beside this one, and ρ, how much of a remembered depth a week leaves while nothing was measured. */
export const LEADER_DISCOUNT = 0.98;
export const ASSUMED_MEMORY = 0.8;

/** What drawing depths at random may cost, by the prior, as a share of the expected margin (rung 0 of the ladder). */
export const EXPLORATION_BUDGET = 0.01;

/** Within a week the live offer stands unless another promises so much more, as a share of the margin of its item at list price. */
export const SWITCH_SHARE = 0.25;

/** Root of the draws. They are keyed by tenant, customer and week, never sequential. */
export const POLICY_SEED = 20_261_122;
