/**
 * The decision: which item, at which depth, or honestly none. Pure: the same input and the same model give the same output, so that a kept
 * record can be replayed.
 */
import { capReached } from "@kava/algorithms/policy/frequencyCaps";
import { drawDepth } from "@kava/algorithms/policy/decisionMixture";
import type {
  Assignment,
  Candidate,
  CandidateFinding,
  Decided,
  DecisionInput,
  DecisionOutput,
  DecisionRecord,
  Propensity,
  Weighing,
} from "./decision.js";
import { explorationOf } from "./explore.js";
import { findingOf, freshPriceBook, type PriceBook } from "./judgeCandidate.js";
import { CAPS, POLICY_VERSION, SWITCH_SHARE } from "./policy.js";
import type { ServedModel } from "./servedModel.js";
import { expectedCost, weighDepths } from "./weighDepths.js";

/** Decides for one customer. `priceBook` may remember what items bear; by default it is worked out anew. */
export const decideOffer = (input: DecisionInput, served: ServedModel, priceBook: PriceBook = freshPriceBook): DecisionOutput => {
  if (input.holdout) return outputOf(served, none("holdout"), []);
  const judged = input.candidates.map((candidate) => ({
    candidate,
    finding: findingOf(candidate, input, served.model, priceBook(candidate, input.facts)),
  }));
  const findings = judged.map((each) => each.finding);
  if (judged.length === 0) return outputOf(served, none("noCandidate"), findings);
  const eligible = judged.filter((each) => each.finding.eligible);
  if (eligible.length === 0) return outputOf(served, none("noneEligible"), findings);
  return outputOf(served, input.sticky ? decideWithin(eligible, input, input.sticky) : decideAfresh(eligible, input, served), findings);
};

/** Makes the decision of a record again. `served` is the model of the record's model version; another is refused, and so is a record of other rules. */
export const replay = (record: DecisionRecord, served: ServedModel): DecisionOutput => {
  if (record.output.policyVersion !== POLICY_VERSION)
    throw new Error(`The record was decided by policy ${record.output.policyVersion}, this version decides by ${POLICY_VERSION}`);
  const decidedWith = versionsOf(record.input.modelVersion, record.input.upliftVersion);
  const given = versionsOf(served.version, served.uplift?.version ?? null);
  if (decidedWith !== given)
    throw new Error(`The record was decided with model ${decidedWith}, not ${given}: load that version to replay it`);
  return decideOffer(record.input, served);
};

interface Judged {
  candidate: Candidate;
  finding: CandidateFinding;
}
/** What was decided, over which probabilities, and what chance gave the week. */
interface Decision {
  decided: Decided;
  propensities: Propensity[];
  assigned: Assignment | null;
  weighing: Weighing | null;
}
interface Choice {
  judged: Judged;
  depth: number;
  priceMinor: number;
  gain: number;
  costMinor: number;
}

const NOTHING: Propensity[] = [{ depth: 0, probability: 1 }];

const none = (reason: Extract<Decided, { kind: "none" }>["reason"], propensities = NOTHING): Decision => ({
  decided: { kind: "none", reason },
  propensities,
  assigned: null,
  weighing: null,
});

const versionsOf = (response: string, uplift: string | null | undefined): string => (uplift ? `${response} and ${uplift}` : response);

const outputOf = ({ model }: ServedModel, decision: Decision, findings: CandidateFinding[]): DecisionOutput => ({
  policyVersion: POLICY_VERSION,
  model: model.description,
  findings,
  ...decision,
});

/**
 * No depth this week yet. An offer that the customer holds from the week before lives as long as they were told; then the best depth, with exploration around
 * it. What is drawn stands for the week, also when it is nothing.
 */
const decideAfresh = (eligible: readonly Judged[], input: DecisionInput, served: ServedModel): Decision => {
  const standing = whatStands(eligible, input);
  if (standing) return standing;
  if (isCapped(input)) return none("capped");
  const best = bestOf(eligible.flatMap((judged) => judged.finding.depths.map((at) => choiceOf(judged, at, input))))!;
  const { candidate, finding } = best.judged;
  const { greedy, propensities, weighing } = served.uplift
    ? byMeasured(weighDepths(candidate, finding, input, served.uplift))
    : byPrior(finding);
  const depth = drawDepth(propensities, input.seed, input.tenantId, input.customerId, input.week);
  const assigned = propensities.length > 1 ? { itemId: finding.itemId, depth, propensities } : null;
  if (depth === 0) return { decided: { kind: "none", reason: greedy === 0 ? "noGain" : "drawnNone" }, propensities, assigned, weighing };
  const drawn = finding.depths.find((at) => at.depth === depth)!;
  return {
    decided: offerOf(choiceOf(best.judged, drawn, input), depth === greedy ? "greedy" : "explored"),
    propensities,
    assigned,
    weighing,
  };
};

/** The depth when not exploring, and what may be drawn instead. */
interface Draw {
  /** Null where there is no such depth: all are drawn to learn. */
  greedy: number | null;
  propensities: Propensity[];
  weighing: Weighing | null;
}

/** Rung 0: nothing is known of what depths change, and nothing is claimed: shallow ones are drawn at random, within a budget. */
const byPrior = (finding: CandidateFinding): Draw => {
  const depths = finding.depths.map(({ depth, margin }) => ({ depth, margin: margin ?? 0 }));
  const propensities = explorationOf([{ depth: 0, margin: marginAtList(finding) }, ...depths]);
  return { greedy: propensities.length === 1 ? 0 : null, propensities, weighing: null };
};

/** Rungs 1 to 3: the depth whose lower bound is worth most after its burdens. */
const byMeasured = ({ mixture, weighing }: ReturnType<typeof weighDepths>): Draw => ({
  greedy: mixture.greedy,
  propensities: [...mixture.propensities],
  weighing,
});

/** The offer that the customer holds, if it may still be made. */
const whatStands = (eligible: readonly Judged[], input: DecisionInput): Decision | null => {
  const judged = eligible.find(({ candidate }) => candidate.itemId === input.current?.itemId);
  const at = judged?.finding.depths.find(({ depth }) => depth === input.current?.depth);
  if (!judged || !at) return null;
  const propensities = [{ depth: at.depth, probability: 1 }];
  return { decided: offerOf(choiceOf(judged, at, input), "kept"), propensities, assigned: null, weighing: null };
};

/** Whether another offer would be one too many. */
const isCapped = ({ offeredAt, at }: DecisionInput): boolean =>
  capReached(
    offeredAt.map((each) => Date.parse(each)),
    Date.parse(at),
    CAPS,
  ) !== null;

/** The depth of the week stands: the item may change, and no item goes deeper than that. */
const decideWithin = (eligible: readonly Judged[], input: DecisionInput, sticky: NonNullable<DecisionInput["sticky"]>): Decision => {
  const { propensities } = sticky;
  if (sticky.depth === 0) return none("drawnNone", propensities);
  const choices = eligible.flatMap((judged) => {
    const at = judged.finding.depths.findLast(({ depth }) => depth <= sticky.depth);
    return at ? [choiceOf(judged, at, input)] : [];
  });
  const best = bestOf(choices);
  if (!best) return none("noneEligible", propensities);
  const { current } = input;
  const standing = choices.find((choice) => choice.judged.candidate.itemId === current?.itemId && choice.depth === current.depth);
  const capped = isCapped(input);
  if (capped && !standing) return none("capped", propensities);
  const stands = standing && (capped || best.gain <= standing.gain + SWITCH_SHARE * Math.abs(marginAtList(standing.judged.finding)));
  return { decided: stands ? offerOf(standing, "kept") : offerOf(best, "sticky"), propensities, assigned: null, weighing: null };
};

const choiceOf = (judged: Judged, at: CandidateFinding["depths"][number], { facts }: DecisionInput): Choice => ({
  judged,
  depth: at.depth,
  priceMinor: at.priceMinor,
  gain: (at.margin ?? 0) - marginAtList(judged.finding),
  costMinor: expectedCost(at, judged.candidate, facts),
});

const marginAtList = ({ atList }: CandidateFinding): number => atList?.margin ?? 0;

/** Greatest gain; ties go to less discount, then to what is liked more, then to the lower identifier. */
const bestOf = (choices: readonly Choice[]): Choice | undefined =>
  choices.toSorted(
    (a, b) =>
      b.gain - a.gain ||
      a.depth - b.depth ||
      b.judged.candidate.taste - a.judged.candidate.taste ||
      (a.judged.candidate.itemId < b.judged.candidate.itemId ? -1 : 1),
  )[0];

const offerOf = (
  { judged: { candidate }, depth, priceMinor, costMinor }: Choice,
  how: Extract<Decided, { kind: "offer" }>["how"],
): Decided => ({
  kind: "offer",
  itemId: candidate.itemId,
  depth,
  listMinor: candidate.priceMinor,
  priceMinor,
  because: candidate.because,
  costMinor,
  how,
});
