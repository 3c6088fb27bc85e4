const SYMBOLS = /[\s'\u00A0\u202F\p{Sc}]|[A-Z]{3}/gu;

/**
 * Reads an amount as people write it into minor units: "$18.00 ", "1,234.50", "3,50 €" (with decimal ","). Digits beyond the currency's are
 * rounded half up. Null when it is no amount.
 *
 * @param digits minor digits of the currency, 0 to 4
 * @param decimal what stands before the minor digits
 */
export const readMoney = (text: string, digits: number, decimal: "." | "," = "."): number | null => {
  const bare = text.replace(SYMBOLS, "");
  const grouped = decimal === "," ? /^-?\d{1,3}(\.\d{3})+(,\d*)?$/ : /^-?\d{1,3}(,\d{3})+(\.\d*)?$/;
  const plain = grouped.test(bare) ? bare.replaceAll(decimal === "," ? "." : ",", "") : bare;
  const match = /^(-?)(\d{1,10})(?:\.(\d*))?$/.exec(decimal === "," ? plain.replace(",", ".") : plain);
  if (!match || (decimal === "," && /\./.test(plain))) return null;
  const fraction = (match[3] ?? "").padEnd(digits + 1, "0");
  const minor = Number(match[2]! + fraction.slice(0, digits)) + (fraction[digits]! >= "5" ? 1 : 0);
  return match[1] && minor !== 0 ? -minor : minor;
};
