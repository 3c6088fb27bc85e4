import { derivedId } from "@kava/contracts/ids";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { as, startMenu, type RunningMenu } from "./testing/startMenu.js";

let menu: RunningMenu;
const NAMES = ["Ämber", "apple", "Apple", "zebra", "Čaj", "чай", "a b", "a-b", "ab", "10", "9"];
const venueKeys = ["centre", "station"];
const venueId = (key: string) => derivedId(menu.tenantId, "venue", key);
const itemId = (sku: string) => derivedId(menu.tenantId, "item", sku);

beforeAll(async () => {
  menu = await startMenu();
  await menu.load(
    "venues",
    venueKeys.map((key) => ({ id: venueId(key), key, name: key, latitude: null, longitude: null })),
  );
  await menu.load(
    "items",
    NAMES.flatMap((name, n) =>
      ["Tea", "Cakes", "Tea & cocoa"].map((category, c) => {
        const sku = `${n}-${c}`;
        return { id: itemId(sku), sku, name, category, priceMinor: 300, costMinor: 100 };
      }),
    ),
  );
});
afterAll(() => menu?.close());

interface Page {
  edges: { cursor: string; node: { id: string; category: string } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  totalCount: number;
}
const PAGE =
  "query ($venueId: ID, $category: String, $first: Int, $after: String) { menu(venueId: $venueId, category: $category, first: $first, after: $after) { totalCount edges { cursor node { id category } } pageInfo { hasNextPage endCursor } } }";
const page = async (variables: object): Promise<Page> => (await menu.get<{ menu: Page }>(PAGE, variables, as("anonymous"))).menu;

const walk = async (first: number, variables: object): Promise<string[]> => {
  const seen: string[] = [];
  for (let after: string | null = null; ;) {
    const { edges, pageInfo }: Page = await page({ ...variables, first, after });
    seen.push(...edges.map((edge) => edge.node.id));
    expect(edges.length).toBeLessThanOrEqual(first);
    if (!pageInfo.hasNextPage) return seen;
    after = pageInfo.endCursor;
  }
};

test("pages of any size hold every item once, in one order", async () => {
  const whole = await walk(100, {});
  expect(new Set(whole).size).toBe(NAMES.length * 3);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (first) => {
      expect(await walk(first, {})).toEqual(whole);
    }),
    { numRuns: 12 },
  );
});

test("a category holds its own items and counts them", async () => {
  const tea = await page({ category: "Tea", first: 100 });
  expect(tea.totalCount).toBe(NAMES.length);
  expect(new Set(tea.edges.map((edge) => edge.node.category))).toEqual(new Set(["Tea"]));
  expect((await page({ category: "Spaceships" })).totalCount).toBe(0);
});

test("a page of none, of more than a hundred, or after a cursor of another list is refused with what to do", async () => {
  const venues = await menu.get<{ venues: Page }>("{ venues { pageInfo { endCursor } } }");
  for (const variables of [
    { first: 0 },
    { first: 101 },
    { after: "nonsense" },
    { after: venues.venues.pageInfo.endCursor },
    { after: Buffer.from('["a","b","c"]').toString("base64url") },
  ]) {
    const answer = await menu.ask(PAGE, variables);
    expect(answer.errors?.[0]?.extensions?.code).toBe("BAD_USER_INPUT");
    expect(answer.data).toEqual({ menu: null });
  }
});

const SET =
  "mutation ($input: SetAvailabilityInput!) { done: setAvailability(input: $input) { __typename ... on MenuItem { available unavailableVenueIds } } }";
const set = async (sku: string, key: string, available: boolean) =>
  (await menu.ask(SET, { input: { itemId: itemId(sku), venueId: venueId(key), available } })).data!["done"];
const availableAt = async (sku: string, key: string | null) => {
  const query = "query ($v: ID) { menu(venueId: $v, first: 100) { edges { node { id available } } } }";
  const answer = await menu.get<{ menu: { edges: { node: { id: string; available: boolean } }[] } }>(
    query,
    { v: key && venueId(key) },
    as("customer"),
  );
  return answer.menu.edges.find((edge) => edge.node.id === itemId(sku))?.node.available;
};

test("an item that a venue has run out of stays on its menu as unavailable, and is to be had elsewhere", async () => {
  expect(await availableAt("0-0", "centre")).toBe(true);
  expect(await set("0-0", "centre", false)).toEqual({ __typename: "MenuItem", available: false, unavailableVenueIds: [venueId("centre")] });
  expect([await availableAt("0-0", "centre"), await availableAt("0-0", "station"), await availableAt("0-0", null)]).toEqual([
    false,
    true,
    true,
  ]);
});

test("an item that no venue has is available nowhere, until one has it again", async () => {
  for (const key of venueKeys) await set("1-0", key, false);
  expect(await availableAt("1-0", null)).toBe(false);
  await set("1-0", "station", true);
  expect([await availableAt("1-0", "centre"), await availableAt("1-0", "station"), await availableAt("1-0", null)]).toEqual([
    false,
    true,
    true,
  ]);
});

test("availability is told with every venue that has none, once for each change", async () => {
  await set("2-0", "centre", false);
  await set("2-0", "centre", false);
  await set("2-0", "station", true);
  await set("2-0", "station", false);
  const told = (await menu.told("menu.item.priced")).filter((event) => event.aggregateId === itemId("2-0"));
  expect(told.map((event) => [event.version, event.data["unavailableVenueIds"]])).toEqual([
    [1, []],
    [2, [venueId("centre")]],
    [3, [venueId("centre"), venueId("station")].sort()],
  ]);
});

test("baristas of two venues who run out at the same moment are both heard", async () => {
  await Promise.all(venueKeys.map((key) => set("3-0", key, false)));
  expect(await availableAt("3-0", null)).toBe(false);
});

test("a venue or an item that is not there is a typed error, and its menu is null", async () => {
  const nobody = "00000000-0000-4000-8000-000000000000";
  const type = async (item: string, venue: string) =>
    (await menu.get<{ done: { __typename: string } }>(SET, { input: { itemId: item, venueId: venue, available: false } })).done.__typename;
  expect(await type(nobody, venueId("centre"))).toBe("UnknownItem");
  expect(await type(itemId("0-0"), nobody)).toBe("UnknownVenue");
  expect(await type(itemId("0-0"), "the one at the corner")).toBe("UnknownVenue");
  expect((await menu.ask(PAGE, { venueId: nobody })).data).toEqual({ menu: null });
  expect((await menu.ask(PAGE, { venueId: venueId("centre") }, { tenantId: menu.otherTenantId })).data).toEqual({ menu: null });
});

test("customers set no availability", async () => {
  const answer = await menu.ask(SET, { input: { itemId: itemId("0-0"), venueId: venueId("centre"), available: false } }, as("customer"));
  expect(answer.errors?.[0]?.extensions?.code).toBe("FORBIDDEN");
});
