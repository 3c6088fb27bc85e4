/** The terms of an item's score, kept apart so that the greatest gives the reason; `rankItems.ts` has the formula. */
import type { BlendWeights } from "./blend.js";
import { EVIDENCE_KINDS, type EvidenceKind, type EvidenceReader, type Shares } from "./evidence.js";
import { noveltyOf } from "./novelty.js";
import type { RankedCustomer, RankerEvidence, RankReason } from "./rankerEvidence.js";

/** A personal reason is given when it makes up this share of the score. */
const PERSONAL_SHARE = 0.1;
/** An item of the history is named as the reason when it carries this share of what the evidence says. */
const CARRIES = 0.5;
/** A declared taste makes an item so many times as likely as it would be. */
const TASTE_LIFT = 3;
/** Baskets of usual size that hold the size of a customer's own. */
const USUAL_BASKETS = 2;

/** Per item its score, and the greatest of the terms that are about this customer. */
export class Terms {
  readonly scores: Float64Array;
  readonly greatest: Float64Array;
  readonly because: (RankReason | undefined)[];

  constructor(itemCount: number) {
    this.scores = new Float64Array(itemCount);
    this.greatest = new Float64Array(itemCount);
    this.because = Array.from({ length: itemCount });
  }

  /** A reason for the item's score that makes up so much of it. */
  claim(item: number, part: number, because: RankReason): void {
    if (!(part > this.greatest[item]!)) return;
    this.greatest[item] = part;
    this.because[item] = because;
  }

  /** What is personal explains more than popularity, as soon as it matters. */
  reason(item: number): RankReason {
    const because = this.because[item];
    return because !== undefined && this.greatest[item]! >= PERSONAL_SHARE * this.scores[item]! ? because : { code: "popular" };
  }
}

/** What the customer has: their own share of baskets, held by the usual customer's. */
export function addHabit(terms: Terms, { history, basketCount }: RankedCustomer, { habits }: RankerEvidence): void {
  const { usual, priorBaskets, trust } = habits;
  for (const { item, baskets } of history) {
    const held = priorBaskets * usual[item]!;
    const share = Math.min(1, (held + baskets) / (basketCount + priorBaskets));
    // trust times as likely where that is little, and never more than certain
    const chance = 1 - (1 - share) ** trust.known;
    terms.scores[item] = chance;
    terms.claim(item, (chance * baskets) / (held + baskets), { code: "yourFavourite" });
  }
}

/**
 * In words: evidence that one item of the history carries is told by that item, "often bought with" where both are in one basket more often than by
 * chance; what many items say together is what similar customers like.
 */
function reasonOf({ behind, carried }: Shares, item: number, { inOneBasket }: RankerEvidence): RankReason {
  const other = behind[item]!;
  if (other < 0 || carried[item]! < CARRIES) return { code: "customersLikeYou" };
  return { code: inOneBasket(other, item) ? "oftenBoughtWith" : "likedAlongside", item: other };
}

/** How many items that are new to them a customer's next basket is expected to hold. */
function expectedNews({ history, basketCount }: RankedCustomer, { habits }: RankerEvidence): number {
  const bought = history.reduce((sum, { baskets }) => sum + baskets, 0);
  const size = (bought + USUAL_BASKETS * habits.basketSize) / (basketCount + USUAL_BASKETS);
  return habits.trust.news * size * noveltyOf(history, habits.novelty);
}

/** How the kinds of evidence divide what is new to a customer: per item a share, 0 for what they have; together 1, or 0 when nothing is known. */
export function newsShares(said: Record<EvidenceKind, Shares>, weights: BlendWeights): Float64Array {
  const shares = new Float64Array(said.popularity.shares.length);
  let sum = 0;
  for (const kind of EVIDENCE_KINDS)
    for (let item = 0; item < shares.length; item++) {
      const part = weights[kind] * said[kind].shares[item]!;
      shares[item]! += part;
      sum += part;
    }
  return sum > 0 ? shares.map((share) => share / sum) : shares;
}

/**
 * What is new to the customer: as many such items as their next basket is expected to hold, divided among all as the blend says, but for the share
 * that may be anything. A kind of evidence claims by how much it raises the item above what its popularity would give.
 */
export function addNews(terms: Terms, customer: RankedCustomer, evidence: RankerEvidence, read: EvidenceReader): void {
  const { weights, habits } = evidence;
  const known = new Set(customer.history.map((entry) => entry.item));
  const said = read([...known]);
  const spoken = spokenWeight(said, weights);
  if (!(spoken > 0)) return;
  const blended = newsShares(said, weights);
  const expected = expectedNews(customer, evidence);
  const anything = habits.surprise / Math.max(1, blended.length - known.size);
  for (let item = 0; item < blended.length; item++) {
    if (known.has(item)) continue;
    const share = anything + (1 - habits.surprise) * blended[item]!;
    // of a Poisson number of them, the chance of at least one
    const chance = -Math.expm1(-expected * share);
    terms.scores[item] = chance;
    const perShare = (chance * (1 - habits.surprise)) / (share * spoken);
    for (const kind of ["ease", "neighbours", "rules"] as const) {
      const raised = perShare * weights[kind] * (said[kind].shares[item]! - said.popularity.shares[item]!);
      if (raised > terms.greatest[item]!) terms.claim(item, raised, reasonOf(said[kind], item, evidence));
    }
  }
  for (const item of customer.tastes ?? []) if (!known.has(item)) addTaste(terms, item);
}

/** What the kinds of evidence that say something weigh together. */
function spokenWeight(said: Record<EvidenceKind, Shares>, weights: BlendWeights): number {
  return EVIDENCE_KINDS.reduce((sum, kind) => sum + (said[kind].shares.some((share) => share > 0) ? weights[kind] : 0), 0);
}

function addTaste(terms: Terms, item: number): void {
  const added = (TASTE_LIFT - 1) * terms.scores[item]!;
  terms.scores[item]! += added;
  terms.claim(item, added, { code: "matchesTaste" });
}
