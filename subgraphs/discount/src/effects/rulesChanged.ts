import type { TenantFacts } from "@kava/contracts/tenant";

/** Whether the rules that every price follows are other ones now: floor, ceiling, tax or currency. */
export const rulesChanged = (before: TenantFacts, after: TenantFacts): boolean => rulesOf(before) !== rulesOf(after);

const rulesOf = ({ floor, ceiling, tax, currency, minorDigits }: TenantFacts): string =>
  JSON.stringify([floor, ceiling, tax.mode, tax.rate, currency, minorDigits]);
