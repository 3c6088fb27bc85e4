import { partsOfPercent, partsOfRatio, WHOLE } from "./parts.js";

/** How the tax stands to the list price: inside it, added to it at the till, or not at all. `rate` is a ratio, 0.2 for 20 %, at most 10. */
export type Tax = { readonly mode: "inclusive" | "exclusive"; readonly rate: number } | { readonly mode: "none" };

/** The tenant's rules. */
export interface MarginRules {
  /** Least allowed margin, as a share of the net price, 0 to 1. */
  readonly floor: number;
  /** Greatest depth of a personal discount, together with promotions, in percent of the list price, 0 to 100. */
  readonly ceiling: number;
}

/** The rules in exact parts: a price u holds the floor over a cost c when `u × keep ≥ c × load`. */
export interface MarginTerms {
  /** 1 − floor, in parts: what the cost may take of the net price. */
  readonly keep: bigint;
  /** 1 + tax inside the price, in parts: what a net unit costs in the price's own terms. */
  readonly load: bigint;
  readonly ceiling: bigint;
}

/** Which of the rules is unusable, or the exact terms. */
export function marginTerms(rules: MarginRules, tax: Tax): MarginTerms | "floor" | "ceiling" | "tax" {
  const floor = partsOfRatio(rules.floor, 1);
  if (floor === null) return "floor";
  const ceiling = partsOfPercent(rules.ceiling);
  if (ceiling === null) return "ceiling";
  const rate = tax.mode === "none" ? 0n : partsOfRatio(tax.rate, 10);
  if (rate === null) return "tax";
  return { keep: WHOLE - floor, load: tax.mode === "inclusive" ? WHOLE + rate : WHOLE, ceiling };
}

/** Whether a price holds the floor over a cost. */
export function holdsFloor(price: bigint, cost: bigint, terms: MarginTerms): boolean {
  return price * terms.keep >= cost * terms.load;
}
