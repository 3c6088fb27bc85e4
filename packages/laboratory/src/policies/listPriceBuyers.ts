import type { WarmUpLog } from "@kava/simulator/comparison/learningPolicy";
import { signNames, signsAt } from "./customerSigns.js";

/** A customer who would buy at list price at least this often gets no discount: it would be given away. */
export const surePurchase = 0.5;

/**
 * 1 where a customer who would buy with an offer would, in more than half of the cases, buy without: their turnover a day with nothing in hand
 * as a share of that with an offer in hand, both shrunk towards everybody's.
 */
export function listPriceBuyers(log: WarmUpLog): Uint8Array {
  const { rows, columns, values } = signsAt(log, log.days);
  const atList = signNames.indexOf("turnover a day without an offer in hand");
  const withOffer = signNames.indexOf("turnover a day with an offer in hand");
  return Uint8Array.from({ length: rows }, (_, i) =>
    values[i * columns + atList]! > surePurchase * values[i * columns + withOffer]! ? 1 : 0,
  );
}
