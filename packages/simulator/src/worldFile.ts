import { z } from "zod";
import { settledLife, worlds, type Life, type World, type WorldName } from "./worlds.js";

/** A kind of world by name: one of the three frozen ones, or one that came from a file. */
export interface NamedWorld {
  readonly name: string;
  readonly world: World;
  readonly life: Life;
}

const share = z.number().min(0, "is a share, from 0 to 1").max(1, "is a share, from 0 to 1");
const tolerance = z
  .number()
  .min(-3, "is a log of price paid / list price, from -3 to 3")
  .max(3, "is a log of price paid / list price, from -3 to 3");

const lifeSchema = z.strictObject({
  newcomerShare: share.default(0),
  joinWindowDays: z.int().min(0, "is a number of days, 0 or more").default(0),
  lapsePerDay: share.default(0),
  revivalPerDay: share.default(0),
});

/** A file of a world. Units are those of `World` and `Life`; `life` may be left out (nobody joins or lapses). */
export const worldFileSchema = z.strictObject({
  name: z.string().min(1, "needs at least a letter").max(60, "is at most 60 letters long"),
  priceSensitiveShare: share,
  sensitiveTolerance: tolerance,
  otherTolerance: tolerance,
  strategicShare: share,
  offerLift: z
    .number()
    .min(0, "is the rise of the visit hazard, from 0 (none) to 10")
    .max(10, "is the rise of the visit hazard, from 0 (none) to 10"),
  life: lifeSchema.optional(),
});

/** A world file that cannot be read. The message names the file and every field that is wrong, one a line. */
export class WrongWorldFile extends Error {
  override readonly name = "WrongWorldFile";
}

/** One of the three frozen worlds; undefined for any other name. */
export function frozenWorld(name: string): NamedWorld | undefined {
  return isWorldName(name) ? { name, world: worlds[name], life: settledLife } : undefined;
}

function isWorldName(name: string): name is WorldName {
  return Object.hasOwn(worlds, name);
}

/**
 * Reads a world from the text of a JSON file.
 *
 * @param source name of the file, for messages
 * @throws WrongWorldFile
 */
export function parseWorld(text: string, source: string): NamedWorld {
  const read = worldFileSchema.safeParse(jsonOf(text, source));
  if (!read.success) {
    const lines = read.error.issues.map((issue) => `  ${issue.path.join(".") || "the world"}: ${issue.message}`);
    throw new WrongWorldFile(`${source} is not a world:\n${lines.join("\n")}\n${howItLooks}`);
  }
  const { name, life, ...world } = read.data;
  return { name, world, life: life ?? settledLife };
}

function jsonOf(text: string, source: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WrongWorldFile(`${source} is not JSON: ${reason}\n${howItLooks}`, { cause: error });
  }
}

const howItLooks = `A world looks like this: ${JSON.stringify({ name: "my world", ...worlds.mixed })}`;
