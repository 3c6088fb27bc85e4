import { itemIndex } from "./menu.js";

/** Who takes the one often takes the other: the truth behind the association rules that can be mined from the data. */
export interface Pairing {
  readonly antecedent: string;
  readonly consequent: string;
  /** Probability that the consequent joins a basket that began with the antecedent, 0..1, for a customer of median appetite. */
  readonly probability: number;
}

export const demoPairings: readonly Pairing[] = [
  { antecedent: "cappuccino", consequent: "croissant", probability: 0.3 },
  { antecedent: "flat-white", consequent: "almond-croissant", probability: 0.26 },
  { antecedent: "latte", consequent: "cinnamon-bun", probability: 0.24 },
  { antecedent: "oat-latte", consequent: "banana-bread", probability: 0.28 },
  { antecedent: "oat-cappuccino", consequent: "granola", probability: 0.18 },
  { antecedent: "espresso", consequent: "cantuccini", probability: 0.24 },
  { antecedent: "espresso", consequent: "bottled-water", probability: 0.18 },
  { antecedent: "batch-brew", consequent: "oat-cookie", probability: 0.24 },
  { antecedent: "jezva", consequent: "honey-cake", probability: 0.28 },
  { antecedent: "black-tea", consequent: "lviv-syrnyk", probability: 0.32 },
  { antecedent: "carpathian-tea", consequent: "honey-cake", probability: 0.26 },
  { antecedent: "matcha-latte", consequent: "macaron", probability: 0.34 },
  { antecedent: "hot-chocolate", consequent: "brownie", probability: 0.28 },
  { antecedent: "kids-cocoa", consequent: "pain-au-chocolat", probability: 0.36 },
  { antecedent: "iced-latte", consequent: "brownie", probability: 0.16 },
  { antecedent: "syrnyky", consequent: "americano", probability: 0.38 },
  { antecedent: "ham-sandwich", consequent: "latte", probability: 0.3 },
  { antecedent: "avocado-toast", consequent: "fresh-orange", probability: 0.32 },
  { antecedent: "omelette", consequent: "cappuccino", probability: 0.3 },
  { antecedent: "house-beans", consequent: "paper-filters", probability: 0.26 },
  { antecedent: "ethiopia-beans", consequent: "paper-filters", probability: 0.3 },
];

/** Pairings by the index of their antecedent. */
export const pairingsOfItem: ReadonlyMap<number, readonly { consequent: number; probability: number }[]> = Map.groupBy(
  demoPairings.map((pairing) => ({
    antecedent: itemIndex(pairing.antecedent),
    consequent: itemIndex(pairing.consequent),
    probability: pairing.probability,
  })),
  (pairing) => pairing.antecedent,
);
