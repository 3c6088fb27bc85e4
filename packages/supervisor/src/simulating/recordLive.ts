import { derivedId } from "@kava/contracts/ids";
import { toDecimal } from "@kava/contracts/money";
import { askGraph } from "@kava/importer/askGraph";
import type { LivePurchase } from "@kava/simulator/live";
import { z } from "zod";

const Answer = z.object({ recordPurchase: z.object({ __typename: z.string(), message: z.string().optional() }) });
const MUTATION =
  "mutation Record($input: RecordPurchaseInput!) { recordPurchase(input: $input) { __typename ... on UserError { message } } }";

export interface Till {
  url: string;
  token: string;
  tenantId: string;
  digits: number;
  runId: string;
}

interface TillLine {
  itemId: string;
  quantity: number;
  unitPrice?: string;
}

/** Records a simulated purchase as a till does, at the present moment. Throws with the graph's words when it is refused. */
export const recordLive = async (till: Till, purchase: LivePurchase): Promise<void> => {
  const { tenantId } = till;
  const input = {
    customerId: purchase.customerKey === null ? null : derivedId(tenantId, "customer", purchase.customerKey),
    venueId: derivedId(tenantId, "venue", purchase.venueKey),
    idempotencyKey: `${till.runId}:${purchase.key}`,
    lines: purchase.lines.flatMap((line) => tillLines(till, line)),
  };
  const { recordPurchase } = Answer.parse(await askGraph(till.url, till.token, MUTATION, { input }));
  if (recordPurchase.__typename !== "Purchase") throw new Error(recordPurchase.message ?? recordPurchase.__typename);
};

/** A line at the list price names none; where something was taken off, one unit carries all of it. */
const tillLines = (
  { tenantId, digits }: Till,
  { itemKey, quantity, unitPriceMinor, paidMinor }: LivePurchase["lines"][number],
): TillLine[] => {
  const itemId = derivedId(tenantId, "item", itemKey);
  const reduced = paidMinor - (quantity - 1) * unitPriceMinor;
  if (reduced >= unitPriceMinor || reduced < 0) return [{ itemId, quantity }];
  return [{ itemId, quantity: 1, unitPrice: toDecimal(reduced, digits) }, ...(quantity > 1 ? [{ itemId, quantity: quantity - 1 }] : [])];
};
