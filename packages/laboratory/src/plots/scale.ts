/** From values to places on the picture. */
export interface Scale {
  place(value: number): number;
  /** Round values within the scale, and how many digits they need. */
  readonly ticks: readonly number[];
  readonly digits: number;
}

/**
 * A linear scale whose ends are rounded outwards to ticks.
 *
 * @param values what must be on it; those that are not finite are not looked at
 * @param from place of the least value, `to` that of the greatest
 */
export const linearScale = (values: Iterable<number>, from: number, to: number, wantedTicks = 6): Scale => {
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  if (least > greatest) [least, greatest] = [0, 1];
  if (least === greatest) [least, greatest] = [least - (Math.abs(least) || 1) / 2, greatest + (Math.abs(greatest) || 1) / 2];
  const step = stepOf((greatest - least) / wantedTicks);
  const first = Math.floor(least / step + 1e-9);
  const last = Math.ceil(greatest / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  const width = (last - first) * step;
  return {
    place: (value) => from + ((value - first * step) / width) * (to - from),
    ticks,
    digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)),
  };
};

/** The next 1, 2 or 5 times a power of ten. */
const stepOf = (rough: number): number => {
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10) * power;
};

/** A tick as text: 12,000, 0.25. */
export const tickText = (value: number, digits: number): string =>
  (Math.abs(value) < 1e-12 ? 0 : value).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
