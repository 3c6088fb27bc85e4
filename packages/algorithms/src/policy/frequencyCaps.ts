const DAY = 86_400_000;

/** At most so many offers within so many days. */
export interface FrequencyCap {
  /** Above 0. */
  readonly days: number;
  /** From 0. */
  readonly most: number;
}

/**
 * The first cap that another offer would break, or null when it may be sent. The window of a cap ends at `now` and is open at its beginning.
 *
 * @param offeredAt milliseconds since 1970 of earlier offers to this customer, in any order; later ones than `now` do not count
 * @param now milliseconds since 1970
 */
export function capReached(offeredAt: readonly number[], now: number, caps: readonly FrequencyCap[]): FrequencyCap | null {
  return caps.find(({ days, most }) => offeredAt.filter((at) => at <= now && at > now - days * DAY).length >= most) ?? null;
}
