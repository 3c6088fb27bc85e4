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

/** What a shift follows from. The squeezed day ends at `nowWall`, the moment of the first import, and was drawn together by the last record of then. */
const Kept = z.object({ days: z.int(), lastWall: z.int(), nowWall: z.int() });
type Kept = z.infer<typeof Kept>;

/**
 * Moves records by whole days, so that the day of the last one is the day of `nowWall`. Hours stay, except on that last day: where it would go on
 * after the present moment, it is drawn together to end there, for nothing was bought in the future.
 */
export const shiftBy = ({ days, lastWall, nowWall }: Kept): Shift => {
  const lastDay = dayOf(lastWall) + days;
  const lastTime = lastWall - dayOf(lastWall) * DAY_MS;
  const timeNow = nowWall - dayOf(nowWall) * DAY_MS;
  const squeeze = lastDay === dayOf(nowWall) && lastTime > timeNow ? timeNow / lastTime : 1;
  return {
    days,
    move: (wallMs) => {
      const moved = wallMs + days * DAY_MS;
      if (squeeze === 1 || dayOf(moved) !== lastDay) return moved;
      return lastDay * DAY_MS + Math.floor((moved - lastDay * DAY_MS) * squeeze);
    },
  };
};

/**
 * The shift of a tenant's records. It is kept in a file, with the moment at which their last day was drawn together: the same records imported again later
 * are then the same purchases, not the same ones some hours or days on. A kept shift that would move records beyond today is replaced.
 */
export const keptShift = (file: string, lastWall: number, nowWall: number): { shift: Shift; kept: boolean } => {
  const known = readKept(file);
  if (known !== null && dayOf(lastWall) + known.days <= dayOf(nowWall)) return { shift: shiftBy(known), kept: true };
  const made: Kept = { days: dayOf(nowWall) - dayOf(lastWall), lastWall, nowWall };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(made)}\n`);
  return { shift: shiftBy(made), kept: false };
};

const readKept = (file: string): Kept | null => {
  try {
    return Kept.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
};
