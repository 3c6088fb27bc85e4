/**
 * λ and the weights of the blend, from cases that the evidence was not learned from.
 *
 * For each λ the weights are those under which the hidden items are most likely: EM for the weights of a mixture (Dempster, Laird & Rubin
 * 1977), held by a Dirichlet prior so that a handful of cases changes little. Of the λ, the one whose blend has the best NDCG@5 is taken.
 */
import { PRIOR_WEIGHTS, type BlendWeights } from "./blend.js";
import { cooccurrence } from "./cooccurrence.js";
import { easeOfGram, type EaseModel } from "./ease.js";
import { EVIDENCE_KINDS, readEvidence, type Evidence } from "./evidence.js";
import type { ItemList } from "./mineItemsets.js";

/** A history, and the items that came next, each new to it. */
export interface BlendCase {
  readonly history: ItemList;
  readonly next: ItemList;
}

export interface BlendChoice {
  /** EASE's ridge. */
  readonly lambda: number;
  readonly weights: BlendWeights;
  /** NDCG@5 of the blend on the cases, 0 to 1; NaN where there were none. */
  readonly ndcg: number;
}

export const LAMBDAS = [100, 200, 500, 1_000, 2_000, 5_000] as const;
/** Without cases. */
const USUAL_LAMBDA = 200;
/** Cases that the prior weights count as. */
const PRIOR_CASES = 50;
const EM_STEPS = 60;
const AT = 5;

/** Evidence of the training part but for EASE, which is fitted here for each λ; `sets` are the histories it is fitted to. */
export interface BlendTraining {
  readonly sets: readonly ItemList[];
  readonly evidence: Omit<Evidence, "ease">;
}

/** @param keep weights of EASE per item, as many as will be served */
export function chooseBlend({ sets, evidence }: BlendTraining, cases: readonly BlendCase[], keep?: number): BlendChoice {
  if (cases.length === 0) return { lambda: USUAL_LAMBDA, weights: PRIOR_WEIGHTS, ndcg: Number.NaN };
  const itemCount = evidence.popularity.length;
  const others = sharesOfCases({ ...evidence, ease: { rows: evidence.neighbours.neighbours.map(() => NO_WEIGHTS) } }, cases);
  const gram = cooccurrence(sets, itemCount);
  const choices = LAMBDAS.map((lambda) => {
    const ease = sharesOfCases(onlyEase(easeOfGram(gram, itemCount, lambda, keep)), cases);
    const shares = others.map((said, at) => [ease[at]![0]!, ...said.slice(1)]);
    const weights = likeliestWeights(shares, cases);
    return { lambda, weights, ndcg: ndcgOf(shares, weights, cases) };
  });
  return choices.reduce((best, choice) => (choice.ndcg > best.ndcg ? choice : best));
}

const NO_WEIGHTS = { items: new Uint32Array(), weights: new Float32Array() };
const NO_RULES = { items: new Uint32Array(), confidences: new Float64Array() };
const NO_NEIGHBOURS = { items: new Uint32Array(), similarities: new Float64Array() };

function onlyEase(ease: EaseModel): Evidence {
  const itemCount = ease.rows.length;
  const neighbours = { setCount: 0, counts: new Uint32Array(itemCount), neighbours: ease.rows.map(() => NO_NEIGHBOURS) };
  return { ease, neighbours, rules: { rows: ease.rows.map(() => NO_RULES) }, popularity: new Float64Array(itemCount) };
}

/** For each case the shares of each kind of evidence, in the order of `EVIDENCE_KINDS`. */
function sharesOfCases(evidence: Evidence, cases: readonly BlendCase[]): Float32Array[][] {
  const read = readEvidence(evidence);
  return cases.map(({ history }) => {
    const said = read(history);
    return EVIDENCE_KINDS.map((kind) => Float32Array.from(said[kind].shares));
  });
}

/** The weights under which the hidden items are likeliest, with evidence that was not learned from the cases. */
export function chooseWeights(evidence: Evidence, cases: readonly BlendCase[]): BlendWeights {
  return likeliestWeights(sharesOfCases(evidence, cases), cases);
}

/** Every case counts once, however many items it hides. */
function likeliestWeights(shares: readonly (readonly Float32Array[])[], cases: readonly BlendCase[]): BlendWeights {
  const kinds = EVIDENCE_KINDS.length;
  // of each hidden item: how much it counts, and its share by each kind of evidence
  const hidden = Float64Array.from(
    cases.flatMap(({ next }, at) => Array.from(next).flatMap((item) => [1 / next.length, ...shares[at]!.map((kind) => kind[item]!)])),
  );
  const prior = EVIDENCE_KINDS.map((kind) => PRIOR_WEIGHTS[kind]);
  let weights = prior;
  for (let step = 0; step < EM_STEPS; step++) {
    const counts = prior.map((weight) => weight * PRIOR_CASES);
    for (let at = 0; at < hidden.length; at += kinds + 1) {
      let likelihood = 0;
      for (let kind = 0; kind < kinds; kind++) likelihood += weights[kind]! * hidden[at + 1 + kind]!;
      if (!(likelihood > 0)) continue;
      for (let kind = 0; kind < kinds; kind++) counts[kind]! += (hidden[at]! * weights[kind]! * hidden[at + 1 + kind]!) / likelihood;
    }
    const total = counts.reduce((a, b) => a + b, 0);
    weights = counts.map((count) => count / total);
  }
  const [ease, neighbours, rules, popularity] = weights as [number, number, number, number];
  return { ease, neighbours, rules, popularity };
}

/** Of each hidden item by itself: 1 / log2(rank + 2) within the first five places, ties in the middle. */
function ndcgOf(shares: readonly (readonly Float32Array[])[], weights: BlendWeights, cases: readonly BlendCase[]): number {
  let sum = 0;
  cases.forEach(({ history, next }, at) => {
    const [ease, neighbours, rules, popularity] = shares[at] as [Float32Array, Float32Array, Float32Array, Float32Array];
    const mixed = new Float64Array(ease.length);
    for (let item = 0; item < mixed.length; item++) {
      mixed[item] = weights.ease * ease[item]! + weights.neighbours * neighbours[item]!;
      mixed[item]! += weights.rules * rules[item]! + weights.popularity * popularity[item]!;
    }
    for (let i = 0; i < history.length; i++) mixed[history[i]!] = -1;
    for (let i = 0; i < next.length; i++) {
      const rank = rankOf(mixed, next[i]!);
      if (rank < AT) sum += 1 / Math.log2(rank + 2) / next.length;
    }
  });
  return sum / cases.length;
}

/** How many items have a greater score, and half of those that have the same; whole, from 0. */
export function rankOf(scores: Float64Array, item: number): number {
  let greater = 0;
  let equal = 0;
  for (const score of scores) {
    if (score > scores[item]!) greater += 1;
    else if (score === scores[item]!) equal += 1;
  }
  return Math.floor(greater + (equal - 1) / 2);
}
