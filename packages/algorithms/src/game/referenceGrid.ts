import { remember } from "./demand.js";

/** Remembered depths, percent, evenly spaced from 0 to `top`. Values on it are interpolated linearly. */
export interface ReferenceGrid {
  readonly points: number;
  /** Percent. */
  readonly top: number;
}

/** Where memory leads from every grid point, as a place between two of them. */
export interface Transition {
  /** Index of the grid point at or below. */
  readonly below: Int32Array;
  /** Share of the way to the next one, 0 to 1. */
  readonly share: Float64Array;
}

/** The remembered depth at an index, percent. */
export function rememberedAt({ points, top }: ReferenceGrid, index: number): number {
  return (index * top) / (points - 1);
}

/** Where memory leads when depth[i] (percent) is seen at grid point i. */
export function transitionOf(grid: ReferenceGrid, memory: number, depthAt: (remembered: number) => number): Transition {
  const below = new Int32Array(grid.points);
  const share = new Float64Array(grid.points);
  for (let i = 0; i < grid.points; i++) {
    const remembered = rememberedAt(grid, i);
    const place = placeOf(grid, remember(memory, remembered, depthAt(remembered)));
    below[i] = Math.min(Math.floor(place), grid.points - 2);
    share[i] = place - below[i]!;
  }
  return { below, share };
}

/** A value of the grid at any remembered depth; beyond its ends the value at the end. */
export function interpolate(grid: ReferenceGrid, values: ArrayLike<number>, remembered: number): number {
  const place = placeOf(grid, remembered);
  const below = Math.min(Math.floor(place), grid.points - 2);
  return values[below]! + (place - below) * (values[below + 1]! - values[below]!);
}

function placeOf({ points, top }: ReferenceGrid, remembered: number): number {
  return Math.min(points - 1, Math.max(0, (remembered / top) * (points - 1)));
}
