/** What can be said of an item on the menu. Money in minor units of the tenant's currency; a cost that nobody told is null. */
export interface ItemValues {
  name: string;
  category: string;
  priceMinor: number;
  costMinor: number | null;
}

/** The greatest price or cost, minor units: what a bulk loader takes as well. */
export const GREATEST_MINOR = 1_000_000_000;

/** What a change comes to. */
export interface ItemChange {
  next: ItemValues;
  /** Something is different at all: only then is there a new version and an event. */
  changed: boolean;
  /** Price or cost is different: only then is there a new line in the price history. */
  repriced: boolean;
}

/** Lays the wanted values over the present ones; a value that is not wanted stays. */
export const changeItem = (present: ItemValues, wanted: Partial<ItemValues>): ItemChange => {
  const next: ItemValues = {
    name: wanted.name ?? present.name,
    category: wanted.category ?? present.category,
    priceMinor: wanted.priceMinor ?? present.priceMinor,
    costMinor: wanted.costMinor ?? present.costMinor,
  };
  const repriced = next.priceMinor !== present.priceMinor || next.costMinor !== present.costMinor;
  return { next, repriced, changed: repriced || next.name !== present.name || next.category !== present.category };
};

/** What decides whether an item can be had. `venueCount` is how many venues the tenant has. */
export interface Presence {
  retired: boolean;
  unavailableVenueIds: readonly string[];
  venueCount: number;
}

/** Whether the item can be had at the venue; without a venue: anywhere. A chain that has told no venues sells everywhere. */
export const isAvailable = ({ retired, unavailableVenueIds, venueCount }: Presence, venueId: string | null): boolean => {
  if (retired) return false;
  return venueId === null ? venueCount === 0 || unavailableVenueIds.length < venueCount : !unavailableVenueIds.includes(venueId);
};
