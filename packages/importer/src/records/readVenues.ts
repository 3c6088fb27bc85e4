import { derivedId } from "@kava/contracts/ids";
import type { VenueRow } from "@kava/contracts/loading";
import type { FileMapping, VENUE_FIELDS } from "../mapping/mapping.js";
import { fault, openTable, type TableOptions } from "./tableReader.js";

type Field = (typeof VENUE_FIELDS)[number];

/** Venues by the chain's own key. */
export type Venues = Map<string, VenueRow>;

export const venueOf = (
  tenantId: string,
  key: string,
  name = `Venue ${key}`,
  latitude: number | null = null,
  longitude: number | null = null,
): VenueRow => ({ id: derivedId(tenantId, "venue", key), key, name, latitude, longitude });

/** Reads venues; coordinates may be missing. */
export const readVenues = async (
  file: string,
  mapping: FileMapping<Field>,
  tenantId: string,
  options: TableOptions,
): Promise<{ venues: Venues; lines: number }> => {
  const table = await openTable("venues", file, mapping, options);
  const [id, name, latitude, longitude] = (["id", "name", "latitude", "longitude"] as const).map((field) => table.field(field));
  const venues: Venues = new Map();
  const lines = await table.each(({ cells }) => {
    const key = id!(cells) || fault("the venue has no id");
    if (venues.has(key)) fault("the id stands twice among the venues", key);
    venues.set(key, venueOf(tenantId, key, name!(cells) || undefined, degrees(latitude!(cells), 90), degrees(longitude!(cells), 180)));
  });
  return { venues, lines };
};

const degrees = (text: string, most: number): number | null => {
  if (text === "") return null;
  const value = Number(text.replace(",", "."));
  return Number.isFinite(value) && Math.abs(value) <= most ? value : fault("the coordinates are none", `"${text}"`);
};
