import { FIRST_ID } from "../storage/affectedOffers.js";

/** Customers in one transaction: few enough that neither their rows nor this thread are held for long. */
export const CHUNK = 100;
/** Transactions at a time: while PostgreSQL writes one, the next is decided. */
const AT_ONCE = 2;

/** Customers after this one, in the order of their identifiers, at most `CHUNK`. */
export type NextCustomers = (after: string) => Promise<string[]>;

/** Works on customers chunk by chunk, two chunks at a time; each customer is in one of them. */
export const inChunks = async (next: NextCustomers, work: (customerIds: string[]) => Promise<void>): Promise<void> => {
  const chunks = chunksOf(next);
  const worker = async (): Promise<void> => {
    for await (const customerIds of chunks) await work(customerIds);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
};

const chunksOf = async function* (next: NextCustomers): AsyncGenerator<string[]> {
  for (let after = FIRST_ID; ;) {
    const customerIds = await next(after);
    if (customerIds.length === 0) return;
    yield customerIds;
    after = customerIds.at(-1)!;
  }
};
