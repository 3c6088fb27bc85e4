import type { Matrix } from "@kava/algorithms/matrix";
import { signNames } from "./customerSigns.js";

/** A customer who would buy at list price at least this often gets no discount: it would be given away. */
export const surePurchase = 0.5;

/**
 * 1 where a customer who would buy with an offer would, in more than half of the cases, buy without: their turnover a day with nothing in hand
 * as a share of that with an offer in hand, both shrunk towards everybody's.
 *
 * @param signs as `signsAt` gives them
 */
export function listPriceBuyers({ rows, columns, values }: Matrix): Uint8Array {
  const atList = signNames.indexOf("turnover a day without an offer in hand");
  const withOffer = signNames.indexOf("turnover a day with an offer in hand");
  return Uint8Array.from({ length: rows }, (_, i) =>
    values[i * columns + atList]! > surePurchase * values[i * columns + withOffer]! ? 1 : 0,
  );
}
