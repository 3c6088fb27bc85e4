import { parsePurchaseId } from "@kava/contracts/ids";

/**
 * What a visit is known by: its purchase's UUID without the month, which a second import may have moved. Throws when it is no identifier
 * of a purchase.
 */
export const visitIdOf = (purchaseId: string): string => {
  const parsed = parsePurchaseId(purchaseId);
  if (!parsed) throw new Error(`${purchaseId.slice(0, 60)} is no identifier of a purchase; derive it with purchaseIdOf`);
  return parsed.uuid;
};
