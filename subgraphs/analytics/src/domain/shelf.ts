/** What the menu says of an item, as far as recommending goes. */
export interface ShelfItem {
  id: string;
  name: string;
  category: string;
  retired: boolean;
  unavailableVenueIds: readonly string[];
}

/** Which items can be had, and where. */
export class Shelf {
  readonly #items: ReadonlyMap<string, ShelfItem>;
  readonly #venueIds: readonly string[];

  constructor(items: readonly ShelfItem[], venueIds: readonly string[]) {
    this.#items = new Map(items.map((item) => [item.id, item]));
    this.#venueIds = venueIds;
  }

  /** Not retired, not unknown, and had at the venue; without a venue: at one of the chain's venues. */
  canBeHad(itemId: string, venueId: string | null = null): boolean {
    const item = this.#items.get(itemId);
    if (!item || item.retired) return false;
    if (item.unavailableVenueIds.length === 0) return true;
    const without = new Set(item.unavailableVenueIds);
    return venueId === null ? this.#venueIds.length === 0 || this.#venueIds.some((id) => !without.has(id)) : !without.has(venueId);
  }

  item(itemId: string): ShelfItem | undefined {
    return this.#items.get(itemId);
  }
}

/** The declared taste that an item answers to: its category or a word of its name, whatever the case. Undefined when none does. */
export const tasteMatching = (item: Pick<ShelfItem, "name" | "category">, tastes: readonly string[]): string | undefined => {
  const category = item.category.toLowerCase();
  const name = item.name.toLowerCase();
  return tastes.find((taste) => {
    const wanted = taste.trim().toLowerCase();
    return wanted.length > 1 && (category === wanted || name.split(/[^\p{L}\p{N}]+/u).includes(wanted) || name === wanted);
  });
};
