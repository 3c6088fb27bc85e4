import type { Because } from "@kava/contracts/because";
import type { DepthBound, PricingFacts } from "./priceItem.js";
import type { ModelDescription } from "@kava/algorithms/response/responseModel";
import type { PriceReduction } from "@kava/algorithms/margin/checkMargin";

/** What made discount decide. */
export const TRIGGERS = ["purchase", "item", "promotion", "taste", "load", "sweep", "tenant"] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** A customer's habits at the moment of the decision: counts, days, visits a week, minor units. */
export interface CustomerFacts {
  purchaseCount: number;
  /** Days since the last purchase; null when there is none. */
  recencyDays: number | null;
  frequencyPerWeek: number;
  averageOrderMinor: number;
  medianGapDays: number | null;
  segment: { id: string; name: string } | null;
}

/** An item that could be offered, with all that bears on it. */
export interface Candidate {
  itemId: string;
  /** Of the item as discount knew it; the price was set in this version. */
  itemVersion: number;
  priceMinor: number;
  costMinor: number | null;
  promotions: PriceReduction[];
  /** How much the customer likes it, 0 to 1, and why we believe so. */
  taste: number;
  because: Because;
  /** In how many of the customer's purchases it was. */
  boughtCount: number;
}

/** A depth with the probability that the policy chose it. */
export interface Propensity {
  depth: number;
  probability: number;
}

/** Everything a decision depends on: with the model of `modelVersion` it replays to the same output. */
export interface DecisionInput {
  tenantId: string;
  customerId: string;
  /** RFC 3339. */
  at: string;
  trigger: Trigger;
  /** ISO week in the chain's time zone, over which the depth is sticky. */
  week: string;
  holdout: boolean;
  facts: PricingFacts;
  customer: CustomerFacts;
  candidates: Candidate[];
  /** The depth that was chosen earlier in this week, and how; null when none was. */
  sticky: { depth: number; propensities: Propensity[] } | null;
  /** The live offer, if there is one. */
  current: { offerId: string; itemId: string; depth: number } | null;
  /** When the offers of the last weeks were made, RFC 3339; as far back as the caps look. */
  offeredAt: string[];
  /** r: the depth that the customer remembers from earlier weeks, percent. */
  remembered: number;
  /** λ ≥ 0: what a unit of discount costs beyond itself while the budget is short. */
  multiplier: number;
  seed: number;
  modelVersion: string;
  /** Of what depths were measured to change; null while nothing was (rung 0). */
  upliftVersion: string | null;
}

/** What is expected at one depth; the margin is null where the cost is unknown. */
export interface DepthFinding {
  depth: number;
  priceMinor: number;
  probability: number;
  /** Units that who buys takes. */
  quantity: number;
  margin: number | null;
}

/** What was found of one candidate. Margins are expected ones of one offer's life, in minor units. */
export interface CandidateFinding {
  itemId: string;
  eligible: boolean;
  /** Why it was not eligible: `wouldBuyAnyway` (p > 0.5 at full price), or what bound every depth. */
  reason: string | null;
  /** What is expected without a personal depth, at the price that everybody pays. */
  atList: DepthFinding | null;
  /** Permitted depths with what is expected of each. */
  depths: DepthFinding[];
  bound: { depth: number; by: DepthBound }[];
}

/** One depth of the chosen item, weighed by what was measured. Money in minor units over the outcome's window. */
export interface WeighedDepth {
  /** Percent. */
  depth: number;
  /** False where too few were ever given it: then a nearer depth speaks for it, with twice the doubt. */
  measured: boolean;
  /** What it changes: mean and standard error of those alike, and the cautious lower bound L. */
  mean: number;
  deviation: number;
  lower: number;
  /** κ: what it costs later that the customer learns to wait, beyond the window. */
  teaching: number;
  /** The discount that it is expected to give away. */
  cost: number;
  /** L − κ − λ · cost − c_send. */
  worth: number;
}

/** How the depths of an item were weighed on rungs 1 to 3. */
export interface Weighing {
  itemId: string;
  depths: WeighedDepth[];
  /** The segment whose game gave κ; null: everybody's. */
  segmentId: string | null;
  /** What of the game's parameters is assumed and was not found in the log. */
  assumed: string[];
}

/**
 * Why nothing is offered. `noGain`: full price promises as much as any depth; `drawnNone`: no offer was drawn for the week, to learn what
 * offers are worth; `capped`: the customer has had as many offers as are good for anybody.
 */
export type NoOfferReason = "holdout" | "noCandidate" | "noneEligible" | "noGain" | "drawnNone" | "capped";

/** What the week of a customer was given by chance: the ground on which the response to offers is learned. */
export interface Assignment {
  itemId: string;
  /** Percent; 0 = no offer. */
  depth: number;
  /** Of each depth that could have been drawn. */
  propensities: Propensity[];
}

export type Decided =
  | { kind: "none"; reason: NoOfferReason }
  | {
      kind: "offer";
      itemId: string;
      depth: number;
      listMinor: number;
      priceMinor: number;
      because: Because;
      /** Discount that it is expected to give away, minor units: what it takes of the budget. */
      costMinor: number;
      /** `greedy`: greatest expected gain; `explored`: drawn; `sticky`: this week's depth; `kept`: the live offer stands. */
      how: "greedy" | "explored" | "sticky" | "kept";
    };

export interface DecisionOutput {
  policyVersion: string;
  /** The model, with its rung of the ladder of evidence: 0 = a prior response, no claim of uplift. */
  model: ModelDescription;
  decided: Decided;
  findings: CandidateFinding[];
  /** Null on rung 0, where nothing was measured, and where no depth was chosen afresh. */
  weighing: Weighing | null;
  /** The policy's whole probability vector over depths, 0 among them. */
  propensities: Propensity[];
  /** Where chance had a say: what it gave the week, and of which item. Null when nothing was drawn, or the week's draw stands. */
  assigned: Assignment | null;
}

/** A decision as it is kept: `replay` makes the same output of the input again. */
export interface DecisionRecord {
  version: 1;
  input: DecisionInput;
  output: DecisionOutput;
}
