import type { Baskets } from "./baskets.js";

/** Sets as text ("3,17" → the baskets that hold both), for a comparison. */
export type Counted = ReadonlyMap<string, number>;

/** FP-growth by node-fpgrowth: all itemsets of at least this support (a share). Its work is done when `mine` returns. */
export interface FpGrowth {
  mine(baskets: Baskets, support: number): Promise<Counted>;
}

/** The package, or the reason why it is not there. */
export const loadFpGrowth = async (): Promise<FpGrowth | string> => {
  const loaded = await import("node-fpgrowth").catch((error: unknown) => (error as Error).message.split("\n")[0] ?? "");
  if (typeof loaded === "string") return loaded;
  return {
    mine: async ({ baskets }, support) => {
      const found = await new loaded.FPGrowth<number>(support).exec(baskets.map((basket) => [...basket]));
      return new Map(found.map(({ items, support: count }) => [keyOf(items), count]));
    },
  };
};

export const keyOf = (items: readonly number[]): string => items.toSorted((a, b) => a - b).join(",");
