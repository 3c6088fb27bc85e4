import { inHoldout } from "@kava/algorithms/response/inHoldout";
import { HOLDOUT_SHARE } from "./policy.js";

/** Whether a customer is never offered anything, so that what offers are worth can be seen: by hash, for ever. */
export const isInHoldout = (tenantId: string, customerId: string): boolean => inHoldout(tenantId, customerId, HOLDOUT_SHARE);
