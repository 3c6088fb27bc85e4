import { derivedId } from "@kava/contracts/ids";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cellOf } from "./domain/nearest.js";
import { as, startMenu, type RunningMenu } from "./testing/startMenu.js";

let menu: RunningMenu;
const CITY = { latitude: 49.84, longitude: 24.03 };
/** A fixed scatter: near the city, over the continent, at the poles and on both sides of the date line. */
const places = [
  ...Array.from({ length: 120 }, (_, i) => ({
    latitude: CITY.latitude + Math.sin(i * 1.7) * 0.05,
    longitude: CITY.longitude + Math.cos(i * 2.3) * 0.08,
  })),
  ...Array.from({ length: 60 }, (_, i) => ({ latitude: Math.sin(i * 0.9) * 80, longitude: Math.cos(i * 1.3) * 179 })),
  { latitude: 89.9, longitude: 10 },
  { latitude: -89.9, longitude: -170 },
  { latitude: 12, longitude: 179.99 },
  { latitude: 12, longitude: -179.99 },
];
const row = (key: string, place: { latitude: number; longitude: number } | null, tenantId = menu.tenantId) => ({
  id: derivedId(tenantId, "venue", key),
  key,
  name: `Venue ${key}`,
  latitude: place?.latitude ?? null,
  longitude: place?.longitude ?? null,
});

beforeAll(async () => {
  menu = await startMenu();
  await menu.load("venues", [...places.map((place, i) => row(String(i), place)), row("nowhere", null)]);
  await menu.load("venues", [row("theirs", CITY, menu.otherTenantId)], menu.otherTenantId);
});
afterAll(() => menu?.close());

interface Found {
  venue: { id: string; name: string };
  meters: number;
}
const QUERY =
  "query ($latitude: Float!, $longitude: Float!, $first: Int) { nearestVenues(latitude: $latitude, longitude: $longitude, first: $first) { meters venue { id name } } }";
const nearest = async (variables: object): Promise<Found[]> =>
  (await menu.get<{ nearestVenues: Found[] }>(QUERY, variables, as("anonymous"))).nearestVenues;

/** Haversine, written for the test alone. */
const haversine = (a: { latitude: number; longitude: number }, b: { latitude: number; longitude: number }): number => {
  const rad = (degrees: number) => (degrees / 180) * Math.PI;
  const h =
    Math.sin(rad(b.latitude - a.latitude) / 2) ** 2 +
    Math.cos(rad(a.latitude)) * Math.cos(rad(b.latitude)) * Math.sin(rad(b.longitude - a.longitude) / 2) ** 2;
  return 2 * 6_371_008.8 * Math.atan2(Math.sqrt(h), Math.sqrt(1 - h));
};

/** The greatest difference in metres between what the graph finds and the calculation by hand, relative to what rounding may take. */
const difference = async (from: { latitude: number; longitude: number }, first: number): Promise<number> => {
  const expected = places
    .map((place) => haversine(from, place))
    .sort((a, b) => a - b)
    .slice(0, first);
  const found = await nearest({ ...from, first });
  if (found.length !== expected.length) return Infinity;
  return Math.max(...found.map((each, i) => Math.abs(each.meters - expected[i]!) / (0.01 + expected[i]! * 1e-7)));
};

test("the nearest venues are those that a calculation by hand finds, wherever the caller stands", async () => {
  const anywhere = fc.record({
    latitude: fc.double({ min: -90, max: 90, noNaN: true }),
    longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  });
  const inTheCity = fc.record({
    latitude: fc.double({ min: 49.78, max: 49.9, noNaN: true }),
    longitude: fc.double({ min: 23.93, max: 24.13, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(anywhere, inTheCity), fc.integer({ min: 1, max: 60 }), async (from, first) => {
      expect(await difference(from, first)).toBeLessThan(1);
    }),
    { numRuns: 150 },
  );
});

test("callers of one cell share its candidates, yet each gets the order of their own point", async () => {
  const { centre } = cellOf(CITY);
  for (const [dy, dx] of [
    [0, 0],
    [0.002, 0.005],
    [-0.002, -0.005],
    [0.0026, -0.0054],
    [-0.0026, 0.0054],
  ] as const)
    expect(await difference({ latitude: centre.latitude + dy, longitude: centre.longitude + dx }, 7)).toBeLessThan(1);
});

test("a venue that opens next door, or moves there, is the nearest at once", async () => {
  const here = { latitude: -40.1, longitude: 60.2 };
  await nearest(here);
  const made = await menu.get<{ done: { id: string } }>(
    "mutation ($input: CreateVenueInput!) { done: createVenue(input: $input) { __typename ... on Venue { id latitude } } }",
    { input: { name: "Next door", latitude: -40.11, longitude: 60.2 } },
  );
  const { id } = made.done;
  expect((await nearest({ ...here, first: 1 }))[0]).toMatchObject({ venue: { id, name: "Next door" } });
  const moved = await menu.ask(
    "mutation ($input: ChangeVenueInput!) { done: changeVenue(input: $input) { __typename ... on Venue { version } ... on Changed { currentVersion } } }",
    { input: { id, ...here, expectedVersion: 1 } },
  );
  expect(moved.data!["done"]).toEqual({ __typename: "Venue", version: 2 });
  expect((await nearest({ ...here, first: 1 }))[0]).toEqual({ venue: { id, name: "Next door" }, meters: 0 });
  expect((await menu.told("menu.venue.changed")).filter((event) => event.aggregateId === id)).toMatchObject([
    { version: 1, data: { latitude: -40.11 } },
    { version: 2, data: here },
  ]);
  await menu.ask("mutation ($input: ChangeVenueInput!) { changeVenue(input: $input) { __typename } }", {
    input: { id, latitude: 89.99, longitude: 10 },
  });
  places.push({ latitude: 89.99, longitude: 10 }); // the properties of this file may run in any order
});

test("a chain sees its own venues only", async () => {
  const other = { tenantId: menu.otherTenantId };
  expect((await menu.ask(QUERY, { ...CITY, first: 50 }, other)).data).toMatchObject({
    nearestVenues: [{ venue: { name: "Venue theirs" }, meters: 0 }],
  });
  expect(
    (await menu.ask("query ($id: ID!) { venue(id: $id) { name } }", { id: derivedId(menu.tenantId, "venue", "0") }, other)).data,
  ).toEqual({ venue: null });
});

test("a point off the globe or a page of none is refused with what is wrong", async () => {
  for (const [variables, message] of [
    [{ latitude: 91, longitude: 0 }, /latitude/],
    [{ latitude: 0, longitude: 200 }, /longitude/],
    [{ ...CITY, first: 0 }, /first/],
    [{ ...CITY, first: 101 }, /first/],
  ] as const) {
    const { data, errors } = await menu.ask(QUERY, variables);
    expect(data).toEqual({ nearestVenues: null });
    expect(errors?.[0]).toMatchObject({ message: expect.stringMatching(message), extensions: { code: "BAD_USER_INPUT" } });
  }
});

test("half a place, a place off the globe and an unknown venue are typed errors", async () => {
  const create = "mutation ($input: CreateVenueInput!) { done: createVenue(input: $input) { __typename ... on InvalidInput { field } } }";
  expect((await menu.ask(create, { input: { name: "Half", latitude: 1 } })).data).toEqual({
    done: { __typename: "InvalidInput", field: "latitude" },
  });
  expect((await menu.ask(create, { input: { name: "Off", latitude: 1, longitude: 181 } })).data).toEqual({
    done: { __typename: "InvalidInput", field: "longitude" },
  });
  expect((await menu.ask(create, { input: { name: "Again", key: "0" } })).data).toEqual({
    done: { __typename: "InvalidInput", field: "key" },
  });
  expect((await menu.ask('mutation { done: changeVenue(input: { id: "nobody", name: "x" }) { __typename } }')).data).toEqual({
    done: { __typename: "UnknownVenue" },
  });
});

test("the search for candidates reads the index over tenant and place, not every venue", async () => {
  const { platform } = menu.running;
  const plan = await platform.database.transaction(async (tx) => {
    await tx.query(
      "INSERT INTO venue (tenant_id, id, key, name, latitude, longitude, version) SELECT $1, gen_random_uuid(), 'x' || n, 'x', (n % 178) - 89, (n % 359) - 179, 1 FROM generate_series(1, 20000) n",
      ["00000000-0000-4000-8000-000000000001"],
    );
    await tx.query("ANALYZE venue");
    const { rows } = await tx.query<{ "QUERY PLAN": string }>(
      "EXPLAIN SELECT id FROM venue WHERE tenant_id = $1 AND latitude IS NOT NULL ORDER BY ll_to_earth(latitude, longitude) <-> ll_to_earth(49.8, 24) LIMIT 10",
      ["00000000-0000-4000-8000-000000000001"],
    );
    await tx.query("DELETE FROM venue WHERE key LIKE 'x%'");
    return rows.map((line) => line["QUERY PLAN"]).join("\n");
  });
  expect(plan).toContain("Index Scan using venue_place");
  expect(plan).not.toContain("Sort");
});
