/** Sums of sales in minor units. `costed`: net sales of the lines whose cost is known; `cost`: the cost of those. */
export interface CostedSums {
  net: number;
  costed: number;
  cost: number;
}

/** What was earned on the lines whose cost is known; null when none is. */
export const marginOf = ({ costed, cost }: Pick<CostedSums, "costed" | "cost">): number | null =>
  costed === 0 && cost === 0 ? null : costed - cost;

/** The share of the net sales that the margin speaks of, 0 to 1; null without sales. */
export const coverageOf = ({ net, costed }: Pick<CostedSums, "net" | "costed">): number | null =>
  net === 0 ? null : Math.round((1e4 * costed) / net) / 1e4;

/** Margin as a share of the net sales it was made on; null where nothing was sold. */
export const marginRateOf = ({ costed, cost }: Pick<CostedSums, "costed" | "cost">): number | null =>
  costed === 0 ? null : Math.round((1e4 * (costed - cost)) / costed) / 1e4;
