/** A place of the demo chain. */
export interface SimVenue {
  /** Stable, e.g. "opera". */
  readonly key: string;
  readonly name: string;
  /** WGS 84 degrees. */
  readonly latitude: number;
  readonly longitude: number;
}

/** Six invented cafés at real squares and streets of Lviv. */
export const demoVenues: readonly SimVenue[] = [
  { key: "rynok", name: "Zerno on Rynok Square", latitude: 49.8413, longitude: 24.0322 },
  { key: "opera", name: "Zerno by the Opera", latitude: 49.8437, longitude: 24.0269 },
  { key: "station", name: "Zerno at the Railway Station", latitude: 49.8403, longitude: 23.9945 },
  { key: "polytechnic", name: "Zerno at the Polytechnic", latitude: 49.8354, longitude: 24.0141 },
  { key: "park", name: "Zerno at Stryiskyi Park", latitude: 49.8236, longitude: 24.0257 },
  { key: "sykhiv", name: "Zerno in Sykhiv", latitude: 49.7935, longitude: 24.0571 },
];

export const openingMinute = 7 * 60;
export const closingMinute = 21 * 60 + 30;
