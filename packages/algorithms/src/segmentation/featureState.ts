/**
 * What is kept of a customer's purchases so that every feature can be told at any moment: updated in place at each purchase, in time and
 * space that do not grow with the number of purchases or customers. Plain JSON (a JSONB column).
 */

/** One purchase as the features see it. */
export interface FeaturePurchase {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Hour 0–23 and ISO weekday 1–7 (Monday = 1) in the tenant's time zone; see `localHourAndWeekday`. */
  readonly hour: number;
  readonly weekday: number;
  /** What was paid for each line, minor units, and how many units. */
  readonly lines: readonly { readonly category: string; readonly quantity: number; readonly paidMinor: number }[];
  readonly venue?: string | null | undefined;
  readonly channel?: string | null | undefined;
}

export interface FeatureState {
  readonly version: 1;
  readonly purchaseCount: number;
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  readonly totalMinor: number;
  readonly units: number;
  /** The last purchases' times, latest first, at most `RECENT`. */
  readonly recent: readonly number[];
  /** Purchases per hour of the day (24) and per weekday (7, Monday first). */
  readonly hours: readonly number[];
  readonly weekdays: readonly number[];
  /** Minor units paid per category; purchases per venue and per channel. */
  readonly categories: Readonly<Record<string, number>>;
  readonly venues: Readonly<Record<string, number>>;
  readonly channels: Readonly<Record<string, number>>;
}

/** Purchases that the median gap is taken over. */
export const RECENT = 16;

/** A customer without a purchase. */
export function emptyState(): FeatureState {
  return {
    version: 1,
    purchaseCount: 0,
    firstAt: null,
    lastAt: null,
    totalMinor: 0,
    units: 0,
    recent: [],
    hours: zeros(24),
    weekdays: zeros(7),
    categories: {},
    venues: {},
    channels: {},
  };
}

/**
 * The state after one more purchase. The order in which purchases arrive does not matter: a late one gives the same state as one in time.
 *
 * @throws RangeError when the time, hour, weekday, a quantity or an amount is no number in its range
 */
export function updateFeatures(state: FeatureState, purchase: FeaturePurchase): FeatureState {
  requireSound(purchase);
  const { at, hour, weekday, lines, venue = null, channel = null } = purchase;
  return {
    version: 1,
    purchaseCount: state.purchaseCount + 1,
    firstAt: state.firstAt === null ? at : Math.min(state.firstAt, at),
    lastAt: state.lastAt === null ? at : Math.max(state.lastAt, at),
    totalMinor: state.totalMinor + lines.reduce((sum, line) => sum + line.paidMinor, 0),
    units: state.units + lines.reduce((sum, line) => sum + line.quantity, 0),
    recent: [...state.recent, at].sort((a, b) => b - a).slice(0, RECENT),
    hours: raised(state.hours, hour),
    weekdays: raised(state.weekdays, weekday - 1),
    categories: lines.reduce((categories, line) => added(categories, line.category, line.paidMinor), state.categories),
    venues: venue === null ? state.venues : added(state.venues, venue, 1),
    channels: channel === null ? state.channels : added(state.channels, channel, 1),
  };
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}

function requireSound({ at, hour, weekday, lines }: FeaturePurchase): void {
  const clock =
    Number.isFinite(at) && Number.isInteger(hour) && hour >= 0 && hour <= 23 && Number.isInteger(weekday) && weekday >= 1 && weekday <= 7;
  if (!clock)
    throw new RangeError(
      `A purchase at ${at}, hour ${hour}, weekday ${weekday} has no place in time: milliseconds, 0–23 and 1–7 are needed.`,
    );
  const wrong = lines.find((line) => !(line.quantity >= 0 && Number.isFinite(line.quantity) && Number.isFinite(line.paidMinor)));
  if (wrong !== undefined)
    throw new RangeError(
      `A line of category ${wrong.category} has quantity ${wrong.quantity} and paid ${wrong.paidMinor}; both must be finite numbers, the quantity at least 0.`,
    );
}

function raised(counts: readonly number[], index: number): number[] {
  return counts.map((count, i) => (i === index ? count + 1 : count));
}

function added(amounts: Readonly<Record<string, number>>, key: string, amount: number): Readonly<Record<string, number>> {
  const before = Object.hasOwn(amounts, key) ? amounts[key]! : 0;
  return Object.fromEntries([...Object.entries(amounts).filter(([other]) => other !== key), [key, before + amount]]);
}
