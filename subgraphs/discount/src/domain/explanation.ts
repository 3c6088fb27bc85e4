/** A kept decision, step by step, as a person would want to read it. For the auditor: floors, costs and margins stand in it. */
import { isDeepStrictEqual } from "node:util";
import { uniformAt } from "@kava/algorithms/random";
import { toDecimal } from "@kava/contracts/money";
import type {
  CandidateFinding,
  Decided,
  DepthFinding,
  DecisionInput,
  DecisionOutput,
  DecisionRecord,
  NoOfferReason,
  Trigger,
  Weighing,
} from "./decision.js";
import { CAPS, DEPTHS, SHALLOW_DEPTH } from "./policy.js";
import { netOf, verdictOn, type DepthBound } from "./priceItem.js";

/** One step: what was looked at, in sentences and perhaps a table (its first row the headings). */
export interface Step {
  title: string;
  lines: string[];
  table?: string[][];
}

export interface ExplainedDecision {
  record: DecisionRecord;
  /** Names of items by identifier; an item without one is called by its identifier. */
  names: ReadonlyMap<string, string>;
  /** What the same input gives today, with the model of that time; null when that model is gone. */
  again: DecisionOutput | null;
}

/** The steps of a decision in the order in which they were made. */
export const explain = ({ record: { input, output }, names, again }: ExplainedDecision): Step[] => {
  const nameOf = (itemId: string): string => names.get(itemId) ?? itemId;
  const chosen = output.decided.kind === "offer" ? output.decided.itemId : null;
  const finding = output.findings.find((each) => each.itemId === chosen);
  return [
    occasion(input),
    customer(input),
    evidence(input, output),
    candidates(input, output, nameOf),
    ...(finding ? [depths(input, output, finding, nameOf)] : []),
    ...(output.weighing ? [weighing(input, output, output.weighing, nameOf)] : []),
    choice(input, output),
    ...(output.decided.kind === "offer" ? [margin(input, output.decided, nameOf)] : []),
    result(input, output, nameOf),
    replayed(output, again),
  ];
};

const OCCASIONS: Record<Trigger, string> = {
  purchase: "The customer bought something",
  item: "An item's price, cost or availability changed",
  promotion: "A public promotion began or ended",
  taste: "What the customer likes was learned anew",
  load: "The chain's history was loaded",
  sweep: "The daily round over those who have not come",
  tenant: "The chain's rules changed",
};

const occasion = ({ trigger, at, week, customerId }: DecisionInput): Step => ({
  title: "Occasion",
  lines: [`${OCCASIONS[trigger]}: decided at ${at}, in week ${week}, for customer ${customerId}`],
});

const customer = ({ customer: known, holdout, ...input }: DecisionInput): Step => {
  const { purchaseCount, recencyDays, medianGapDays, averageOrderMinor, frequencyPerWeek, segment } = known;
  const bought =
    purchaseCount === 0
      ? "No purchase yet"
      : `${purchaseCount} purchases, ${amount(input, averageOrderMinor)} on average, ${rounded(frequencyPerWeek, 1)} visits a week`;
  const rhythm = [
    ...(recencyDays === null ? [] : [`the last ${rounded(recencyDays, 1)} days ago`]),
    ...(medianGapDays === null ? [] : [`usually ${rounded(medianGapDays, 1)} days between two`]),
  ];
  return {
    title: "Customer",
    lines: [
      [bought, ...rhythm].join(", "),
      segment ? `Segment: ${segment.name}` : "In no segment yet",
      ...(holdout ? ["In the holdout: one customer in twenty is never offered anything, so that we see what offers are worth"] : []),
    ],
  };
};

const evidence = ({ modelVersion, upliftVersion }: DecisionInput, { model, policyVersion }: DecisionOutput): Step => ({
  title: "Evidence",
  lines: [
    `Response model ${modelVersion}${upliftVersion ? `, uplift model ${upliftVersion}` : ""} (${model.kind}, features ${model.featureSchema}, trained on ${model.trainedOn} rows), policy ${policyVersion}`,
    `Rung ${model.rung} of the ladder: ${RUNGS[model.rung]}`,
    `The effect of a discount: ${model.effectOfDepth}`,
  ],
});

const RUNGS = [
  "nothing randomised has been logged yet, the response is a prior and no uplift is claimed",
  "the effect of each depth, pooled over all customers",
  "a linear model for those who got an offer and one for those who did not",
  "boosted trees, because their policy was worth more on data that they had not seen",
] as const;

const candidates = (input: DecisionInput, { findings }: DecisionOutput, nameOf: (id: string) => string): Step => {
  if (findings.length === 0)
    return {
      title: "Candidates",
      lines: [input.holdout ? "None was looked at" : "No item is liked and to be had where the customer goes"],
    };
  const rows = findings.map((finding) => {
    const candidate = input.candidates.find((each) => each.itemId === finding.itemId)!;
    const best = finding.depths.toSorted((a, b) => (b.margin ?? 0) - (a.margin ?? 0))[0];
    return [
      nameOf(finding.itemId),
      percent(candidate.taste),
      candidate.because.code,
      amount(input, candidate.priceMinor),
      candidate.costMinor === null ? "unknown" : amount(input, candidate.costMinor),
      finding.atList ? percent(finding.atList.probability) : "–",
      expected(input, finding.atList),
      finding.eligible && best ? `${best.depth} %` : "–",
      expected(input, finding.eligible ? best : undefined),
      finding.eligible ? "yes" : `no: ${WHY_NOT[finding.reason ?? ""] ?? finding.reason}`,
    ];
  });
  const headings = ["item", "liked", "because", "list", "cost", "buys at list", "margin", "best depth", "margin then", "may be offered"];
  return { title: "Candidates", lines: ["Margins are what is expected of one week, after tax and cost"], table: [headings, ...rows] };
};

const expected = (input: DecisionInput, at: DepthFinding | null | undefined): string =>
  typeof at?.margin === "number" ? amount(input, at.margin, 1) : "–";

const WHY_NOT: Readonly<Record<string, string>> = {
  wouldBuyAnyway: "the customer probably buys it at full price",
  floor: "every depth would go under the floor",
  ceiling: "every depth is above the ceiling",
  notBelowPublicPrice: "everybody pays as little already",
  costUnknown: "its cost is not known",
};

const depths = (input: DecisionInput, { model }: DecisionOutput, finding: CandidateFinding, nameOf: (id: string) => string): Step => {
  const at = [...(finding.atList ? [finding.atList] : []), ...finding.depths].map(
    ({ depth, priceMinor, probability, margin: expected }) => [
      `${depth} %`,
      amount(input, priceMinor),
      percent(probability),
      expected === null ? "–" : amount(input, expected, 1),
      "",
    ],
  );
  const bound = finding.bound.map(({ depth, by }) => [`${depth} %`, "–", "–", "–", BOUNDS[by] ?? by]);
  const looked = new Set([...finding.depths, ...finding.bound].map((each) => each.depth));
  const unmeasured = DEPTHS.filter((depth) => model.rung === 0 && depth > SHALLOW_DEPTH && !looked.has(depth));
  return {
    title: `Depths of ${nameOf(finding.itemId)}`,
    lines: unmeasured.length > 0 ? [`${unmeasured.join(", ")} %: not before the effect of a discount was measured here`] : [],
    table: [["depth", "price", "buys", "expected margin", "refused because"], ...at, ...bound],
  };
};

const BOUNDS: Partial<Record<DepthBound, string>> = {
  floor: "it would go under the floor",
  ceiling: "it is above the ceiling",
  notBelowPublicPrice: "everybody pays as little already",
};

/** Rungs 1 to 3: what was measured of each depth, and what is taken off it. */
const weighing = (input: DecisionInput, { propensities }: DecisionOutput, weighed: Weighing, nameOf: (id: string) => string): Step => {
  const { depths: arms, itemId, assumed, segmentId } = weighed;
  const money = (minor: number): string => amount(input, minor, 1);
  const rows = arms.map((arm) => [
    `${arm.depth} %`,
    `${money(arm.mean)} ± ${money(arm.deviation)}${arm.measured ? "" : " (not measured)"}`,
    money(arm.lower),
    money(arm.teaching),
    money(arm.cost),
    money(arm.worth),
  ]);
  const explored = propensities.filter(({ probability }) => probability < 1).length;
  return {
    title: `What the depths of ${nameOf(itemId)} are worth`,
    lines: [
      "Worth = bound − teaching − λ × discount given; the bound is the effect on the customer's whole margin that nine of ten such customers are above",
      `The customer remembers ${rounded(input.remembered, 1)} %; λ, the price of the budget, is ${rounded(input.multiplier, 4)}`,
      `Teaching is played by ${segmentId && input.customer.segment ? `the segment ${input.customer.segment.name}` : "everybody"}'s game; assumed, not found in the log: ${assumed.join(", ") || "nothing"}`,
      ...(explored > 1 ? ["One week in ten explores, half of them evenly and half by how likely each depth is the best"] : []),
    ],
    table: [["depth", "effect found", "bound", "teaching", "discount given", "worth"], ...rows],
  };
};

const choice = (input: DecisionInput, { decided, propensities }: DecisionOutput): Step => {
  const vector = propensities.map(({ depth, probability }) => `${depth} %: ${rounded(100 * probability, 2)} %`).join(", ");
  const drawn = rounded(uniformAt(input.seed, "depth", input.tenantId, input.customerId, input.week), 4);
  const lines = input.sticky
    ? [`This week's depth was chosen before: ${input.sticky.depth} %. The item may change, the depth goes no deeper`]
    : decided.kind === "offer" && decided.how === "kept"
      ? ["An offer of the week before lives as long as the customer was told: nothing is drawn before it ends"]
      : [`The draw of this customer and week (seed ${input.seed}): ${drawn}`];
  return {
    title: "Choice",
    lines: [`Probability of each depth: ${vector}`, ...lines, decided.kind === "offer" ? HOW[decided.how] : WHY_NONE[decided.reason]],
  };
};

const HOW = {
  greedy: "The depth that seems best",
  explored: "Drawn, to learn what depth does",
  sticky: "The depth of this week, on the item that promises most now",
  kept: "The offer that the customer holds still stands",
} as const;

const WHY_NONE: Record<NoOfferReason, string> = {
  holdout: "No offer: the customer is in the holdout",
  noCandidate: "No offer: there was no item to offer",
  noneEligible: "No offer: no item may be offered",
  noGain: "No offer: none promises more than full price",
  drawnNone: "No offer: none was drawn for this week, so that we see what offers are worth",
  capped: `No offer: at most ${CAPS.map(({ days, most }) => `${most} in ${days} days`).join(" and ")}, and the customer has had them`,
};

const margin = (input: DecisionInput, decided: Extract<Decided, { kind: "offer" }>, nameOf: (id: string) => string): Step => {
  const candidate = input.candidates.find((each) => each.itemId === decided.itemId)!;
  const { facts } = input;
  const verdict = verdictOn(candidate, decided.depth, facts);
  const net = netOf(decided.priceMinor, facts);
  const share = candidate.costMinor === null ? null : (net - candidate.costMinor) / net;
  return {
    title: "Margin check",
    lines: [
      `${nameOf(decided.itemId)}: ${amount(input, decided.listMinor)} less ${decided.depth} % is ${amount(input, decided.priceMinor)}, ` +
        `${amount(input, net)} after tax; it costs ${candidate.costMinor === null ? "nobody knows what" : amount(input, candidate.costMinor)}`,
      `Margin ${share === null ? "unknown" : percent(share)}, floor ${percent(facts.floor)}, ceiling ${facts.ceiling} %: ${verdict.kind}`,
    ],
  };
};

const result = (input: DecisionInput, { decided }: DecisionOutput, nameOf: (id: string) => string): Step => ({
  title: "Result",
  lines: [
    decided.kind === "offer"
      ? `${nameOf(decided.itemId)} at ${amount(input, decided.priceMinor)} instead of ${amount(input, decided.listMinor)} (${decided.depth} %)`
      : WHY_NONE[decided.reason],
  ],
});

const replayed = (output: DecisionOutput, again: DecisionOutput | null): Step => ({
  title: "Decided again from its record",
  lines: [
    again === null
      ? `Not possible: the model of that time is not kept any more, or this version decides by other rules than policy ${output.policyVersion}`
      : isDeepStrictEqual(again, output)
        ? "The same result, to the last digit"
        : `ANOTHER RESULT: ${JSON.stringify(again.decided)} instead of ${JSON.stringify(output.decided)}`,
  ],
});

const amount = ({ facts }: Pick<DecisionInput, "facts">, minor: number, moreDigits = 0): string =>
  `${toDecimal(Math.round(minor * 10 ** moreDigits), facts.minorDigits + moreDigits)} ${facts.currency}`;
const percent = (share: number): string => `${rounded(100 * share, 1)} %`;
const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;
