import { isUuid } from "@kava/contracts/ids";
import { fromDecimal } from "@kava/contracts/money";
import { InvalidInput, UnknownItem } from "@kava/platform/graphql/errors";
import type { Currency } from "@kava/platform/graphql/money";
import type DataLoader from "dataloader";
import { GREATEST_MINOR, type ItemValues } from "../domain/item.js";
import { placeProblem, type Place } from "../domain/nearest.js";
import { LONGEST, usableText } from "../domain/text.js";
import type { NotMade } from "../storage/actor.js";
import type { MenuContext } from "./context.js";
import { Changed } from "./types/errors.js";
import { MenuItem, menuItemOf } from "./types/menuItem.js";

/** A price or cost in minor units, or what is wrong with it. */
export const readMoney = (text: string, field: string, { currency, minorDigits }: Currency): number | InvalidInput => {
  const minor = fromDecimal(text, minorDigits);
  if (minor === null)
    return InvalidInput.of(`${field} "${text}" is not an amount of ${currency}, which has ${minorDigits} decimal places`, field);
  if (minor < 0 || minor > GREATEST_MINOR)
    return InvalidInput.of(`${field} must be from 0 to ${GREATEST_MINOR} minor units of ${currency}, not ${text}`, field);
  return minor;
};

/** A trimmed text, or what is wrong with it. */
export const readText = (text: string, field: keyof typeof LONGEST): string | InvalidInput =>
  usableText(text, LONGEST[field]) ?? InvalidInput.of(`${field} must have 1 to ${LONGEST[field]} characters`, field);

/** What a marketer wants an item to be; what is absent or null stays as it is. */
export interface ItemWishes {
  name?: string | null;
  category?: string | null;
  price?: string | null;
  cost?: string | null;
}

/** Reads the wishes that are there, or says what is wrong with the first that cannot be. */
export const readItemValues = (wishes: ItemWishes, currency: Currency): Partial<ItemValues> | InvalidInput => {
  const values: Partial<ItemValues> = {};
  for (const field of ["name", "category"] as const) {
    const read = typeof wishes[field] === "string" ? readText(wishes[field], field) : undefined;
    if (read instanceof InvalidInput) return read;
    if (read !== undefined) values[field] = read;
  }
  for (const [field, key] of [
    ["price", "priceMinor"],
    ["cost", "costMinor"],
  ] as const) {
    const read = typeof wishes[field] === "string" ? readMoney(wishes[field], field, currency) : undefined;
    if (read instanceof InvalidInput) return read;
    if (read !== undefined) values[key] = read;
  }
  return values;
};

/** A place, null when neither degree is given, or what is wrong. */
export const readPlace = (latitude: number | null | undefined, longitude: number | null | undefined): Place | null | InvalidInput => {
  if (typeof latitude !== "number" && typeof longitude !== "number") return null;
  if (typeof latitude !== "number" || typeof longitude !== "number")
    return InvalidInput.of("latitude and longitude go together: give both or neither", "latitude");
  const problem = placeProblem({ latitude, longitude });
  return problem ? InvalidInput.of(problem, problem.startsWith("latitude") ? "latitude" : "longitude") : { latitude, longitude };
};

/** Makes a change of one item and answers with what it is now, or with why it was not made. */
export const changedItem = async (
  context: MenuContext,
  id: string,
  change: (id: string) => Promise<{ kind: "done" } | NotMade>,
): Promise<MenuItem | UnknownItem | Changed> => {
  if (!isUuid(id)) return UnknownItem.of(id);
  const outcome = await change(id.toLowerCase());
  if (outcome.kind === "unknown") return UnknownItem.of(id);
  if (outcome.kind === "stale") return Changed.of(outcome.currentVersion);
  return itemNow(context, id.toLowerCase());
};

/** The item as it is after a change. */
export const itemNow = async ({ menu, identity }: MenuContext, id: string): Promise<MenuItem> => {
  const [row] = await menu.reader.items(identity.tenantId, [id]);
  if (!row) throw new Error(`The item ${id} was written but cannot be read`);
  return menuItemOf(row);
};

/** The first of the ids that names nothing, or null. */
export const firstUnknown = async (
  ids: readonly string[] | undefined,
  loader: DataLoader<string, object | null>,
): Promise<string | null> => {
  const found = await Promise.all((ids ?? []).map((id) => (isUuid(id) ? loader.load(id) : Promise.resolve(null))));
  return (ids ?? []).find((_id, i) => !found[i]) ?? null;
};
