import { toDecimal } from "@kava/contracts/money";
import type { DemoChain } from "@kava/simulator/chain";
import type { LivePurchase } from "@kava/simulator/live";

/** Says a purchase in a line, at the chain's own hour: "Mon 07:13  Vasyl Panchuk: Cappuccino, 50.70 UAH, with their offer". */
export const purchaseTeller = (chain: DemoChain, names: ReadonlyMap<string, string>): ((purchase: LivePurchase) => string) => {
  const { minorDigits, currency, timeZone } = chain.tenantFacts;
  const hour = new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit" });
  const itemName = new Map(chain.items.map(({ key, name }) => [key, name]));
  return ({ at, customerKey, lines, offerItemKey }) => {
    const who = customerKey === null ? "a guest" : (names.get(customerKey) ?? customerKey);
    const what = lines.map(({ itemKey, quantity }) => `${quantity > 1 ? `${quantity} ` : ""}${itemName.get(itemKey)}`).join(", ");
    const paidMinor = lines.reduce((sum, line) => sum + line.paidMinor, 0);
    return `${hour.format(at)}  ${who}: ${what}, ${toDecimal(paidMinor, minorDigits)} ${currency}${offerItemKey ? ", with their offer" : ""}`;
  };
};
