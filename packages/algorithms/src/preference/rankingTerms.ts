/** The terms of an item's score, kept apart so that the greatest gives the reason; `rankItems.ts` has the formula. */
import { EVIDENCE_KINDS, type EvidenceKind, type EvidenceReader } from "./evidence.js";
import type { RankedCustomer, RankerEvidence, RankReason } from "./rankerEvidence.js";

/** A personal reason is given when it makes up this share of the score. */
const PERSONAL_SHARE = 0.1;
/** A declared taste makes an item so many times as likely as it would be. */
const TASTE_LIFT = 3;

/** Per item the sum of its terms, and the greatest of those that are about this customer. */
export class Terms {
  readonly scores: Float64Array;
  readonly greatest: Float64Array;
  readonly because: (RankReason | undefined)[];
  /** What a chance that is drawn from other customers weighs. */
  readonly prior: number;
  /** What one basket of the customer weighs. */
  readonly own: number;

  constructor(itemCount: number, basketCount: number, priorBaskets: number) {
    this.scores = new Float64Array(itemCount);
    this.greatest = new Float64Array(itemCount);
    this.because = Array.from({ length: itemCount });
    this.prior = priorBaskets / (basketCount + priorBaskets);
    this.own = 1 / (basketCount + priorBaskets);
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

/** What the customer has: their own share of baskets, held by everybody's. */
export function addHabit(terms: Terms, { history }: RankedCustomer, { popularity }: RankerEvidence): void {
  for (const { item, baskets } of history) {
    terms.scores[item] = terms.prior * popularity[item]! + terms.own * baskets;
    terms.claim(item, terms.own * baskets, { code: "yourFavourite" });
  }
}

/** In words: EASE speaks for the whole history, similar items for one of it, and so do rules, of one basket where it is true of baskets. */
function reasonOf(kind: Exclude<EvidenceKind, "popularity">, behind: number, item: number, { inOneBasket }: RankerEvidence): RankReason {
  if (kind === "ease") return { code: "customersLikeYou" };
  return { code: kind === "rules" && inOneBasket(behind, item) ? "oftenBoughtWith" : "likedAlongside", item: behind };
}

/**
 * What is new to the customer: the share of baskets that such items have together, divided among them as the blend says. A kind of evidence
 * claims by how much it raises the item above what its popularity would give.
 */
export function addNews(terms: Terms, { history, tastes }: RankedCustomer, evidence: RankerEvidence, read: EvidenceReader): void {
  const { weights, popularity } = evidence;
  const known = new Set(history.map((entry) => entry.item));
  const said = read([...known]);
  let [mass, weight] = [0, 0];
  for (let item = 0; item < terms.scores.length; item++) if (!known.has(item)) mass += popularity[item]!;
  for (const kind of EVIDENCE_KINDS) if (said[kind].shares.some((share) => share > 0)) weight += weights[kind];
  if (!(weight > 0)) return;
  const scale = (terms.prior * mass) / weight;
  for (let item = 0; item < terms.scores.length; item++) {
    if (known.has(item)) continue;
    const popular = said.popularity.shares[item]!;
    let chance = weights.popularity * popular;
    for (const kind of ["ease", "neighbours", "rules"] as const) {
      const { shares, behind } = said[kind];
      chance += weights[kind] * shares[item]!;
      const raised = scale * weights[kind] * (shares[item]! - popular);
      if (raised > terms.greatest[item]!) terms.claim(item, raised, reasonOf(kind, behind[item]!, item, evidence));
    }
    terms.scores[item] = scale * chance;
  }
  for (const item of tastes ?? []) if (!known.has(item)) addTaste(terms, item);
}

function addTaste(terms: Terms, item: number): void {
  const added = (TASTE_LIFT - 1) * terms.scores[item]!;
  terms.scores[item]! += added;
  terms.claim(item, added, { code: "matchesTaste" });
}
