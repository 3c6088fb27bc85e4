import type { Matrix } from "@kava/algorithms/matrix";
import type { WarmUpLog } from "@kava/simulator/comparison/learningPolicy";

/** Days and purchases as of which a rate is believed half from the customer's own record, half from everybody's. */
const ownDays = 14;

/** What is in the columns of `signsAt`, in their order. */
export const signNames = [
  "observed price sensitivity",
  "turnover a day without an offer in hand",
  "turnover a day with an offer in hand",
  "mean basket",
  "share of days with nothing bought at list price",
  "turnover without an offer, squared",
  "observed x turnover without an offer",
] as const;

/**
 * What a shop can say of each customer from what happened before a day: one row a customer. Rates are shrunk towards everybody's, so that
 * they mean the same after four weeks as after eight.
 *
 * @param before only days before this one are read
 */
export function signsAt(log: WarmUpLog, before: number): Matrix {
  const tally = tallyOf(log, before);
  const free = pooledRate(tally.freeTurnover, tally.freeDays);
  const offered = pooledRate(tally.offerTurnover, tally.offerDays);
  const list = pooledRate(tally.turnover, tally.purchases);
  const values = new Float64Array(log.size * signNames.length);
  for (let i = 0; i < log.size; i++) {
    const atList = (tally.freeTurnover[i]! + free * ownDays) / (tally.freeDays[i]! + ownDays);
    const withOffer = (tally.offerTurnover[i]! + offered * ownDays) / (tally.offerDays[i]! + ownDays);
    const basket = (tally.turnover[i]! + list * 2) / (tally.purchases[i]! + 2);
    const never = tally.freeTurnover[i] === 0 ? tally.freeDays[i]! / (tally.freeDays[i]! + ownDays) : 0;
    const observed = log.observed[i]!;
    values.set([observed, atList, withOffer, basket, never, atList * atList, observed * atList], i * signNames.length);
  }
  return { rows: log.size, columns: signNames.length, values };
}

interface Tally {
  readonly freeDays: Float64Array;
  readonly offerDays: Float64Array;
  readonly freeTurnover: Float64Array;
  readonly offerTurnover: Float64Array;
  readonly turnover: Float64Array;
  readonly purchases: Float64Array;
}

function tallyOf({ size, days, inHand, purchases }: WarmUpLog, before: number): Tally {
  const zeros = () => new Float64Array(size);
  const tally: Tally = {
    freeDays: zeros(),
    offerDays: zeros(),
    freeTurnover: zeros(),
    offerTurnover: zeros(),
    turnover: zeros(),
    purchases: zeros(),
  };
  for (let i = 0; i < size; i++)
    for (let day = 0; day < before; day++) (inHand[i * days + day]! > 0 ? tally.offerDays : tally.freeDays)[i]! += 1;
  for (const { customer, day, depth, list } of purchases) {
    if (day >= before) break;
    tally.turnover[customer]! += list;
    tally.purchases[customer]! += 1;
    if (depth === 0) tally.freeTurnover[customer]! += list;
    else {
      tally.offerTurnover[customer]! += list;
      tally.offerDays[customer]! += 1; // an offer used up is not in hand in the evening
      tally.freeDays[customer]! -= 1;
    }
  }
  return tally;
}

function pooledRate(amounts: Float64Array, exposures: Float64Array): number {
  const sum = (numbers: Float64Array) => numbers.reduce((total, value) => total + value, 0);
  return sum(amounts) / Math.max(1, sum(exposures));
}
