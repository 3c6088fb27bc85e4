import type { Assignment, Candidate, CustomerFacts } from "./decision.js";

/** What became of a customer's week of which chance decided the depth. */
export interface Outcome extends Assignment {
  customerId: string;
  /** ISO week of the draw. */
  week: string;
  decidedAt: Date;
  /** As they were known then. */
  customer: CustomerFacts;
  item: Pick<Candidate, "taste" | "priceMinor" | "costMinor" | "boughtCount">;
  /** What the customer earned the chain in the window, over all items, minor units: paid, less tax and cost. An item of unknown cost earns nothing. */
  marginMinor: number;
  /** Purchases in the window. */
  purchases: number;
  /** Units of the item of the draw that were bought while its offer would have lived. */
  units: number;
  /** Whether all other weeks of the customer are in the log too: only then is it known what they remembered. */
  whole: boolean;
}
