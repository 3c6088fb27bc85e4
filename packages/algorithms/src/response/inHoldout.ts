import { uniformAt } from "../random.js";

/** Fixed for ever: another seed would move every customer. */
const HOLDOUT_SEED = 0x6b61_7661;

/**
 * Whether a customer is never offered anything, so that the effect of all offers can be measured against them.
 *
 * By hash alone: the same answer for ever, on every machine, and a customer inside a share stays inside every greater one.
 *
 * @param share of the customers held out, 0 to 1
 */
export function inHoldout(tenantId: string, customerId: string, share = 0.05): boolean {
  return uniformAt(HOLDOUT_SEED, "holdout", tenantId, customerId) < share;
}
