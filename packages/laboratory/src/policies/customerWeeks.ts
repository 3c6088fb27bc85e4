import type { WarmUpLog } from "@kava/simulator/comparison/learningPolicy";

/** A week of a customer in the warm-up: what was seen, and how often they bought. */
export interface CustomerWeek {
  readonly customer: number;
  /** Depth that was sent and seen, fraction; 0 = none was. */
  readonly depth: number;
  /** Days of the week on which they bought, 0..7. */
  readonly boughtDays: number;
}

/** The weeks of every customer who took part in the draws, from the day of their first one, in order of customer and time. */
export function customerWeeksOf(log: WarmUpLog): CustomerWeek[] {
  const starts = new Map<number, number>();
  for (const { customer, day } of log.decisions) starts.set(customer, Math.min(day, starts.get(customer) ?? day));
  const sent = new Float64Array(log.size * log.days);
  for (const { customer, day, days, depth } of log.decisions)
    for (let at = day; at < Math.min(day + days, log.days); at += 7) sent[customer * log.days + at] = depth;
  const bought = new Uint8Array(log.size * log.days);
  for (const { customer, day, depth } of log.purchases) bought[customer * log.days + day] = depth > 0 ? 2 : 1;
  const weeks: CustomerWeek[] = [];
  for (const [customer, start] of [...starts].sort(([a], [b]) => a - b)) {
    for (let day = start; day + 7 <= log.days; day += 7) {
      const at = customer * log.days + day;
      const seen = log.inHand[at]! > 0 || bought[at] === 2;
      weeks.push({
        customer,
        depth: seen ? sent[at]! : 0,
        boughtDays: bought.subarray(at, at + 7).reduce((days, each) => days + (each > 0 ? 1 : 0), 0),
      });
    }
  }
  return weeks;
}

/** Share of the offers sent that were seen, 0..1. */
export function seenShare(log: WarmUpLog): number {
  const sent = log.decisions.filter((decision) => decision.depth > 0);
  const used = new Set(log.purchases.filter(({ depth }) => depth > 0).map(({ customer, day }) => customer * log.days + day));
  const seen = sent.filter(({ customer, day }) => log.inHand[customer * log.days + day]! > 0 || used.has(customer * log.days + day));
  return seen.length / Math.max(1, sent.length);
}
