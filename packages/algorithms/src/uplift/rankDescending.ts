import { checkFinite } from "./trial.js";

/**
 * Row indices from the highest score to the lowest; equal scores keep the order of their rows.
 *
 * @throws RangeError when a score is not finite
 */
export function rankDescending(scores: Float64Array): Uint32Array {
  checkFinite(scores, "Score");
  return Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
}
