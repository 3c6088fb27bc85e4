import type { Matrix } from "../matrix.js";

/**
 * Refuses points that nothing can be measured from.
 *
 * @throws RangeError naming the first number that is not finite, or a column whose numbers lie too far apart to be subtracted
 */
export function requireFinite({ rows, columns, values }: Matrix): void {
  if (columns === 0 && rows > 0)
    throw new RangeError("The points have no column, so that no two can be told apart; give at least one feature.");
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new RangeError(
      `Point ${Math.floor(wrong / columns)} has ${values[wrong]} in column ${wrong % columns}, which is not a finite number; leave the point out or fill the feature.`,
    );
  const huge = values.findIndex((value) => Math.abs(value) > GREATEST);
  if (huge >= 0)
    throw new RangeError(
      `Point ${Math.floor(huge / columns)} has ${values[huge]} in column ${huge % columns}; above 1e150 squares overflow, so scale the feature first.`,
    );
}

/** Squared differences of such numbers, summed over a thousand columns, are still finite. */
const GREATEST = 1e150;
