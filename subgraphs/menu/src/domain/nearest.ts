import geohash from "ngeohash";

/** A place on the earth, WGS 84 degrees. */
export interface Place {
  latitude: number;
  longitude: number;
}

/** Mean radius of the earth, metres (IUGG). */
const EARTH_METERS = 6_371_008.8;

/** Length of the geohash of a cell: at the equator about 1.2 km by 0.6 km, narrower towards the poles. */
const CELL_PRECISION = 6;

/** Why a place is none, or null when it is one. */
export const placeProblem = ({ latitude, longitude }: Place): string | null => {
  if (!(latitude >= -90 && latitude <= 90)) return `latitude must be from -90 to 90 degrees, not ${latitude}`;
  if (!(longitude >= -180 && longitude <= 180)) return `longitude must be from -180 to 180 degrees, not ${longitude}`;
  return null;
};

/** The angle between two places seen from the centre of the earth, radians, 0 to π (haversine formula). */
export const angleBetween = (a: Place, b: Place): number => {
  const radians = Math.PI / 180;
  const half = (degrees: number) => Math.sin((degrees * radians) / 2) ** 2;
  const chord =
    half(b.latitude - a.latitude) + Math.cos(a.latitude * radians) * Math.cos(b.latitude * radians) * half(b.longitude - a.longitude);
  return 2 * Math.asin(Math.sqrt(Math.min(1, chord)));
};

/** The way along the surface, metres, on a sphere of the mean radius (within 0.6 % of the ellipsoid). */
export const metersBetween = (a: Place, b: Place): number => EARTH_METERS * angleBetween(a, b);

/** A cell of the geohash grid: all callers within it share one set of candidates. */
export interface Cell {
  /** The geohash. */
  name: string;
  centre: Place;
  /** The angle from the centre to the farthest point of the cell, radians. That point is a corner. */
  radius: number;
}

/** The cell that holds a place. */
export const cellOf = (place: Place): Cell => {
  const name = geohash.encode(place.latitude, place.longitude, CELL_PRECISION);
  const [south, west, north, east] = geohash.decode_bbox(name);
  const centre = { latitude: (south + north) / 2, longitude: (west + east) / 2 };
  const radius = Math.max(
    angleBetween(centre, { latitude: south, longitude: west }),
    angleBetween(centre, { latitude: north, longitude: west }),
  );
  return { name, centre, radius };
};

/** How many nearest a set of candidates serves: the next of 10, 20, 50, 100, so that callers with different wishes share it. */
export const candidateCount = (first: number): number => [10, 20, 50].find((count) => count >= first) ?? 100;

/**
 * The `first` nearest of the candidates with their way in metres, nearest first; equal ways in the order of their ids.
 *
 * Candidates of a cell suffice for every point of it when they hold each venue within d + 2r of the cell's centre, d being the
 * way from the centre to its `first`-th nearest venue and r the cell's radius: from any point of the cell those `first` venues
 * lie within d + r, so a nearer one lies within d + r of the point and within d + 2r of the centre.
 */
export const nearest = <V extends Place & { id: string }>(
  candidates: readonly V[],
  from: Place,
  first: number,
): { venue: V; meters: number }[] =>
  candidates
    .map((venue) => ({ venue, meters: metersBetween(from, venue) }))
    .sort((a, b) => a.meters - b.meters || (a.venue.id < b.venue.id ? -1 : 1))
    .slice(0, first);
