/** How the next new items of a customer were shared out beforehand, and which of them came. */
export interface SharedNews {
  /** Per item, together 1; 0 for what the customer has. */
  readonly shares: Float32Array;
  /** How many items they do not have. */
  readonly unknown: number;
  /** Items that came, each new to the customer. */
  readonly came: readonly number[];
}

/** What is taken for surprise before anything is known, and how many baskets that counts as. */
export const USUAL_SURPRISE = 0.05;
const PRIOR_CASES = 20;
const EM_STEPS = 40;

/**
 * The share of news that may be anything: what came is likeliest under (1 − s) · share + s / items unknown (EM for the weight of a mixture). A blend
 * fitted to items hidden at random is too sure of itself where customers choose almost at random. The order of items stays.
 *
 * @returns above 0, below 1; each basket counts once, however much that is new it holds
 */
export function fitSurprise(cases: readonly SharedNews[]): number {
  const told = cases.filter(({ came }) => came.length > 0);
  let surprise = USUAL_SURPRISE;
  for (let step = 0; step < EM_STEPS; step++) {
    let sum = PRIOR_CASES * USUAL_SURPRISE;
    for (const { shares, unknown, came } of told)
      for (const item of came) {
        const anything = surprise / unknown;
        sum += anything / (anything + (1 - surprise) * shares[item]!) / came.length;
      }
    surprise = sum / (PRIOR_CASES + told.length);
  }
  return surprise;
}
