import type { PurchaseLine, PurchaseOrder } from "./purchase.js";
import { Refused } from "./refusal.js";

/** What a sale comes to. Minor units. */
export interface PricedSale {
  lines: PurchaseLine[];
  totalMinor: number;
  /** List price less what was paid, where that is more than nothing. */
  discountMinor: number;
}

/**
 * Prices the lines of a purchase: at list price, or at what the till says it charged, which is a fact whatever the list says. Throws Refused
 * for an item that is not in `items`. Retired items were sold if a till says so.
 */
export const priceSale = (lines: PurchaseOrder["lines"], items: ReadonlyMap<string, { name: string; priceMinor: number }>): PricedSale => {
  const priced = lines.map(({ itemId, quantity, chargedMinor }): PurchaseLine => {
    const item = items.get(itemId);
    if (!item) throw new Refused({ reason: "unknownItem", itemId });
    const paidEach = chargedMinor ?? item.priceMinor;
    return {
      itemId,
      name: item.name,
      quantity,
      unitPriceMinor: Math.max(item.priceMinor, paidEach),
      paidMinor: paidEach * quantity,
      ...(chargedMinor === null ? {} : { chargedMinor }),
    };
  });
  return { lines: priced, ...totalsOf(priced) };
};

/** Sums of lines. A line that was paid above its unit price (a tip, a rounding) is no discount. */
export const totalsOf = (
  lines: readonly Pick<PurchaseLine, "quantity" | "unitPriceMinor" | "paidMinor">[],
): { totalMinor: number; discountMinor: number } => ({
  totalMinor: lines.reduce((sum, line) => sum + line.paidMinor, 0),
  discountMinor: lines.reduce((sum, line) => sum + Math.max(0, line.quantity * line.unitPriceMinor - line.paidMinor), 0),
});
