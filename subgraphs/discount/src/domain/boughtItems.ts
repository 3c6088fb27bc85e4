/** What one purchase bought of each item: three lists of equal length, items in the order in which they first stand. */
export interface BoughtItems {
  itemIds: string[];
  /** Units of each. */
  quantities: number[];
  /** Paid for all units of each, minor units, tax as the chain's prices have it. */
  paidMinor: number[];
}

/** Lines of a purchase by item: an item on two lines is counted once, with all of its units. */
export const boughtItems = (lines: readonly { itemId: string; quantity: number; paidMinor: number }[]): BoughtItems => {
  const byItem = new Map<string, { quantity: number; paidMinor: number }>();
  for (const { itemId, quantity, paidMinor } of lines) {
    const known = byItem.get(itemId);
    byItem.set(itemId, { quantity: (known?.quantity ?? 0) + quantity, paidMinor: (known?.paidMinor ?? 0) + paidMinor });
  }
  const sums = [...byItem.values()];
  return { itemIds: [...byItem.keys()], quantities: sums.map((each) => each.quantity), paidMinor: sums.map((each) => each.paidMinor) };
};
