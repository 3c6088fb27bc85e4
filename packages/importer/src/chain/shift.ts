import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

const DAY_MS = 86_400_000;

/** Moves records on the wall clock. */
export interface Shift {
  days: number;
  move(wallMs: number): number;
}

export const NO_SHIFT: Shift = { days: 0, move: (wallMs) => wallMs };

const dayOf = (wallMs: number): number => Math.floor(wallMs / DAY_MS);

/**
 * Moves records by whole days, so that the day of the last one is the day of `nowWall`. Hours stay, except on that last day: where it would go on
 * after the present moment, it is drawn together to end there, for nothing was bought in the future.
 */
export const shiftBy = (days: number, lastWall: number, nowWall: number): Shift => {
  const lastDay = dayOf(lastWall) + days;
  const lastTime = lastWall - dayOf(lastWall) * DAY_MS;
  const timeNow = nowWall - dayOf(nowWall) * DAY_MS;
  const squeeze = lastDay === dayOf(nowWall) && lastTime > timeNow ? timeNow / lastTime : 1;
  return {
    days,
    move: (wallMs) => {
      const moved = wallMs + days * DAY_MS;
      if (squeeze === 1 || dayOf(moved) < lastDay) return moved;
      return lastDay * DAY_MS + Math.floor((moved - lastDay * DAY_MS) * squeeze);
    },
  };
};

const Kept = z.object({ days: z.int() });

/**
 * The shift of a tenant's records. It is kept in a file: the same records imported again tomorrow are then the same purchases, not the same ones a day
 * later. A kept shift that would move records beyond today is replaced.
 */
export const keptShift = (file: string, lastWall: number, nowWall: number): { shift: Shift; kept: boolean } => {
  const known = readKept(file);
  if (known !== null && dayOf(lastWall) + known <= dayOf(nowWall)) return { shift: shiftBy(known, lastWall, nowWall), kept: true };
  const days = dayOf(nowWall) - dayOf(lastWall);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ days })}\n`);
  return { shift: shiftBy(days, lastWall, nowWall), kept: false };
};

const readKept = (file: string): number | null => {
  try {
    return Kept.parse(JSON.parse(readFileSync(file, "utf8"))).days;
  } catch {
    return null;
  }
};
