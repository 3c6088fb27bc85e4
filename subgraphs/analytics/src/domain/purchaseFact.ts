import { parsePurchaseId } from "@kava/contracts/ids";
import type { TenantFacts } from "@kava/contracts/tenant";
import { localDay } from "./localDay.js";

/** A purchase as it happened, whether heard as an event or loaded from history. Money in minor units; `paidMinor` is for the whole line. */
export interface Sale {
  purchaseId: string;
  customerId: string | null;
  venueId: string | null;
  /** RFC 3339 */
  at: string;
  lines: readonly { itemId: string; quantity: number; unitPriceMinor: number; paidMinor: number }[];
}

/** What was known when the sale was heard. It is kept with the sale: a later change of cost, tax or time zone never rewrites history. */
export interface SaleContext {
  /** In the chain's time zone. */
  day: string;
  hour: number;
  /** One for each line, in order. */
  lines: { category: string; netMinor: number; costMinor: number | null }[];
}

/** What the menu says of an item at the time. `costMinor`: of one. */
export interface KnownItem {
  category: string;
  costMinor: number | null;
}

/** Earliest and latest moment that a report can hold. */
const EARLIEST = Date.UTC(1990, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/** Why a moment cannot be reported on, or null. `field`: what it is called where it came from. */
export const unreportable = (field: string, moment: string): string | null => {
  const at = Date.parse(moment);
  return at >= EARLIEST && at < LATEST ? null : `${field}: ${moment} is not between 1990 and 2100; correct the date`;
};

/** Why a sale cannot be kept, or null. */
export const refusalOf = ({ purchaseId, at }: Pick<Sale, "purchaseId" | "at">): string | null =>
  unreportable("at", at) ??
  (parsePurchaseId(purchaseId) ? null : `id: ${purchaseId.slice(0, 60)} is no identifier of a purchase; derive it with purchaseIdOf`);

/** What is left of a price when the tax in it is taken out, to the nearest minor unit. */
export const netOf = (paidMinor: number, tax: TenantFacts["tax"]): number =>
  tax.mode === "inclusive" ? Math.round(paidMinor / (1 + tax.rate)) : paidMinor;

/** Adds to a sale what the reports need and only the present knows. An item that the menu has not named has no category and no cost. */
export const contextOf = (
  sale: Sale,
  items: ReadonlyMap<string, KnownItem>,
  facts: Pick<TenantFacts, "timeZone" | "tax">,
): SaleContext => ({
  ...localDay(Date.parse(sale.at), facts.timeZone),
  lines: sale.lines.map((line) => {
    const item = items.get(line.itemId);
    const cost = item?.costMinor ?? null;
    return {
      category: item?.category ?? "",
      netMinor: netOf(line.paidMinor, facts.tax),
      costMinor: cost === null ? null : cost * line.quantity,
    };
  }),
});
