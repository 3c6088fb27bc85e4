const DAY_MS = 86_400_000;
export const MOST_DAYS = 400;

/** Why a report cannot be made for these days (`2026-11-22`, both included), or null. */
export const refusalOfPeriod = (from: string, to: string): string | null => {
  const days = Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS) + 1;
  if (days < 1) return `from (${from}) is after to (${to}): exchange them`;
  if (days > MOST_DAYS)
    return `${from} to ${to} is ${days} days; a report covers at most ${MOST_DAYS}: ask for shorter periods, one after the other`;
  return from < "1990-01-01" || to >= "2100-01-01" ? "Reports cover the years from 1990 to 2099" : null;
};
