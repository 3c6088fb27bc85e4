import type { StarbucksEvent } from "./readStarbucks.js";

/** Names of what `historyBefore` gives, in its order. */
export const HISTORY = [
  "purchases",
  "spend",
  "spend per purchase",
  "purchases a week",
  "spend a week",
  "hours since the last purchase",
  "offers received",
  "offers viewed",
  "offers completed",
  "share viewed",
  "share completed",
  "offers still running",
];

/**
 * What is known of a customer strictly before an hour; NaN where there is nothing to say (shares of no offers, time since no purchase).
 *
 * @param days how long each offer runs
 * @param cap currency of one purchase that counts
 */
export const historyBefore = (events: readonly StarbucksEvent[], wave: number, days: readonly number[], cap: number): number[] => {
  const counts = { transaction: 0, "offer received": 0, "offer viewed": 0, "offer completed": 0 };
  let spend = 0;
  let last = Number.NaN;
  let running = 0;
  for (const { kind, hour, amount, offer } of events) {
    if (hour >= wave) continue;
    counts[kind]++;
    if (kind === "transaction") {
      spend += Math.min(cap, amount);
      last = hour;
    }
    if (kind === "offer received" && hour + days[offer]! * 24 > wave) running++;
  }
  const { transaction: purchases, "offer received": received, "offer viewed": viewed, "offer completed": completed } = counts;
  const aWeek = 168 / Math.max(wave, 1);
  return [
    purchases,
    spend,
    ratio(spend, purchases),
    purchases * aWeek,
    spend * aWeek,
    wave - last,
    received,
    viewed,
    completed,
    ratio(viewed, received),
    ratio(completed, received),
    running,
  ];
};

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : Number.NaN);
