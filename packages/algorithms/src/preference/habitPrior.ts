/** A customer's history: each item once, with the number of their baskets that held it, and all their baskets. */
export interface History {
  readonly history: readonly { readonly item: number; readonly baskets: number }[];
  readonly basketCount: number;
}

/** Bounds of the answer: even strong habits leave some room, and even pure noise is outweighed by enough visits. */
const LEAST = 2;
const MOST = 60;

/**
 * How many baskets of a customer's own weigh as much as what everybody does: the prior of a beta-binomial, by moments pooled over items.
 *
 * Where customers differ from each other more than chance explains, habits are strong and the answer is small (online-retail: 9);
 * where they do not, it is large (coffee-chain's 29 days: 60). From 2 to 60; 60 where nobody has two baskets.
 *
 * @param popularity share of all baskets that hold each item
 */
export function habitPrior(customers: readonly History[], popularity: ArrayLike<number>): number {
  let expectedPerBasket = 0;
  for (let item = 0; item < popularity.length; item++) expectedPerBasket += popularity[item]! * (1 - popularity[item]!);
  let squaredShares = 0;
  for (let item = 0; item < popularity.length; item++) squaredShares += popularity[item]! ** 2;
  let excess = 0;
  let pairs = 0;
  for (const { history, basketCount } of customers) {
    if (basketCount < 2) continue;
    // Σ over items of (n − N p)²; items that were never bought give (N p)².
    let spread = basketCount ** 2 * squaredShares;
    for (const { item, baskets } of history) spread += baskets ** 2 - 2 * baskets * basketCount * (popularity[item] ?? 0);
    excess += spread - basketCount * expectedPerBasket;
    pairs += basketCount * (basketCount - 1) * expectedPerBasket;
  }
  const correlation = pairs > 0 ? excess / pairs : 0;
  return Math.min(MOST, Math.max(LEAST, correlation > 0 ? 1 / correlation - 1 : MOST));
}
