/**
 * The decision: which item, at which depth, or honestly none. Pure: the same input and the same model give the same output, so that a kept
 * record can be replayed.
 */
import type { ResponseModel } from "@kava/algorithms/response/responseModel";
import type {
  Assignment,
  Candidate,
  CandidateFinding,
  Decided,
  DecisionInput,
  DecisionOutput,
  DecisionRecord,
  Propensity,
} from "./decision.js";
import { drawDepth, explorationOf } from "./explore.js";
import { findingOf, freshPriceBook, type PriceBook } from "./judgeCandidate.js";
import { POLICY_VERSION, SWITCH_SHARE } from "./policy.js";

/** A response model as it serves: the version names it in every decision it makes. */
export interface ServedModel {
  readonly version: string;
  readonly model: ResponseModel;
}

/** Decides for one customer. `priceBook` may remember what items bear; by default it is worked out anew. */
export const decideOffer = (input: DecisionInput, served: ServedModel, priceBook: PriceBook = freshPriceBook): DecisionOutput => {
  if (input.holdout) return outputOf(served, { kind: "none", reason: "holdout" }, [], NOTHING);
  const judged = input.candidates.map((candidate) => ({
    candidate,
    finding: findingOf(candidate, input, served.model, priceBook(candidate, input.facts)),
  }));
  const findings = judged.map((each) => each.finding);
  if (judged.length === 0) return outputOf(served, { kind: "none", reason: "noCandidate" }, findings, NOTHING);
  const eligible = judged.filter((each) => each.finding.eligible);
  if (eligible.length === 0) return outputOf(served, { kind: "none", reason: "noneEligible" }, findings, NOTHING);
  const choice = input.sticky ? decideWithin(eligible, input, input.sticky) : decideAfresh(eligible, input);
  return outputOf(served, choice.decided, findings, choice.propensities, choice.assigned);
};

/** Makes the decision of a record again. `served` is the model of the record's model version; another is refused, and so is a record of other rules. */
export const replay = (record: DecisionRecord, served: ServedModel): DecisionOutput => {
  if (record.output.policyVersion !== POLICY_VERSION)
    throw new Error(`The record was decided by policy ${record.output.policyVersion}, this version decides by ${POLICY_VERSION}`);
  if (served.version !== record.input.modelVersion)
    throw new Error(
      `The record was decided with model ${record.input.modelVersion}, not ${served.version}: load that version to replay it`,
    );
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
}
interface Choice {
  judged: Judged;
  depth: number;
  priceMinor: number;
  gain: number;
}

const NOTHING: Propensity[] = [{ depth: 0, probability: 1 }];

const outputOf = (
  { model }: ServedModel,
  decided: Decided,
  findings: CandidateFinding[],
  propensities: Propensity[],
  assigned: Assignment | null = null,
): DecisionOutput => ({
  policyVersion: POLICY_VERSION,
  model: model.description,
  decided,
  findings,
  propensities,
  assigned,
});

/** No depth this week yet: the greatest expected gain, with a little exploration around it. What is drawn stands for the week, also when it is nothing. */
const decideAfresh = (eligible: readonly Judged[], input: DecisionInput): Decision => {
  const best = bestOf(eligible.flatMap((judged) => judged.finding.depths.map((at) => choiceOf(judged, at))))!;
  const { finding } = best.judged;
  const arms = [
    { depth: 0, margin: marginAtList(finding) },
    ...finding.depths.map(({ depth, margin }) => ({ depth, margin: margin ?? 0 })),
  ];
  const greedy = best.gain > 0 ? arms.find((arm) => arm.depth === best.depth)! : arms[0]!;
  const propensities = explorationOf(arms, greedy);
  const depth = drawDepth(propensities, input.seed, input.tenantId, input.customerId, input.week);
  const assigned = propensities.length > 1 ? { itemId: finding.itemId, depth, propensities } : null;
  if (depth === 0) return { decided: { kind: "none", reason: greedy.depth === 0 ? "noGain" : "drawnNone" }, propensities, assigned };
  const chosen = choiceOf(
    best.judged,
    finding.depths.find((at) => at.depth === depth)!,
  );
  return { decided: offerOf(chosen, depth === greedy.depth ? "greedy" : "explored"), propensities, assigned };
};

/** The depth of the week stands: the item may change, and no item goes deeper than that. */
const decideWithin = (eligible: readonly Judged[], { current }: DecisionInput, sticky: NonNullable<DecisionInput["sticky"]>): Decision => {
  const { propensities } = sticky;
  if (sticky.depth === 0) return { decided: { kind: "none", reason: "drawnNone" }, propensities, assigned: null };
  const choices = eligible.flatMap((judged) => {
    const at = judged.finding.depths.findLast(({ depth }) => depth <= sticky.depth);
    return at ? [choiceOf(judged, at)] : [];
  });
  const best = bestOf(choices);
  if (!best) return { decided: { kind: "none", reason: "noneEligible" }, propensities, assigned: null };
  const standing = choices.find((choice) => choice.judged.candidate.itemId === current?.itemId && choice.depth === current.depth);
  const stands = standing !== undefined && best.gain <= standing.gain + SWITCH_SHARE * Math.abs(marginAtList(standing.judged.finding));
  return { decided: stands ? offerOf(standing, "kept") : offerOf(best, "sticky"), propensities, assigned: null };
};

const choiceOf = (judged: Judged, at: CandidateFinding["depths"][number]): Choice => ({
  judged,
  depth: at.depth,
  priceMinor: at.priceMinor,
  gain: (at.margin ?? 0) - marginAtList(judged.finding),
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

const offerOf = ({ judged: { candidate }, depth, priceMinor }: Choice, how: Extract<Decided, { kind: "offer" }>["how"]): Decided => ({
  kind: "offer",
  itemId: candidate.itemId,
  depth,
  listMinor: candidate.priceMinor,
  priceMinor,
  because: candidate.because,
  how,
});
