/**
 * Money crosses the graph as a decimal text and lives inside as an integer of minor units (cents). `digits` is the number of
 * minor digits of the currency, 0 to 4.
 */
export const toDecimal = (minor: number, digits: number): string => {
  const sign = minor < 0 ? "-" : "";
  const text = String(Math.abs(Math.trunc(minor))).padStart(digits + 1, "0");
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
};

/** Reads "4.5" as 450 at two digits. Null when it is no decimal number, has more digits than the currency, or does not fit an exact integer. */
export const fromDecimal = (text: string, digits: number): number | null => {
  const match = /^(-?)(\d{1,12})(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return null;
  const fraction = match[3] ?? "";
  if (fraction.length > digits && /[1-9]/.test(fraction.slice(digits))) return null;
  const minor = Number(match[2]! + fraction.slice(0, digits).padEnd(digits, "0"));
  if (!Number.isSafeInteger(minor)) return null;
  return match[1] === "-" && minor !== 0 ? -minor : minor;
};
