import { derivedId } from "@kava/contracts/ids";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ANNOUNCE_PROMOTIONS } from "./jobs/announcePromotions.js";
import { as, startMenu, type RunningMenu } from "./testing/startMenu.js";

let menu: RunningMenu;
const NOON = new Date("2026-11-22T12:00:00Z");
const hours = (count: number) => new Date(NOON.getTime() + count * 3_600_000).toISOString();

beforeAll(async () => {
  menu = await startMenu();
  await menu.load("items", [
    { id: derivedId(menu.tenantId, "item", "E1"), sku: "E1", name: "Espresso", category: "Coffee", priceMinor: 200, costMinor: 50 },
  ]);
});
beforeEach(() => menu.setClock(NOON));
afterAll(() => menu?.close());

const CREATE = `mutation ($input: CreatePromotionInput!) { done: createPromotion(input: $input) { __typename
  ... on Promotion { id name state startsAt endsAt percent amount { amount currency } rule { itemIds categories weekdays fromHour toHour } version } ... on InvalidInput { field } ... on UserError { message } } }`;
const END =
  "mutation ($id: ID!, $seen: Int) { done: endPromotion(id: $id, expectedVersion: $seen) { __typename ... on Promotion { state endsAt } ... on Changed { currentVersion } } }";
const marketer = as("marketer");
const make = async (input: object): Promise<Record<string, unknown>> =>
  (await menu.get<{ done: Record<string, unknown> }>(CREATE, { input: { name: "Happy hour", percent: 20, ...input } }, marketer)).done;
const seenBy = async (role: "customer" | "anonymous" | "staff") =>
  (
    await menu.get<{ promotions: { edges: { node: { id: string } }[] } }>(
      "{ promotions(first: 100) { edges { node { id } } } }",
      {},
      as(role),
    )
  ).promotions.edges.map((edge) => edge.node.id);
const toldOf = async (id: unknown) =>
  (await menu.told("menu.promotion.changed"))
    .filter((event) => event.aggregateId === id)
    .map((event) => [event.version, event.data["active"]]);
const announce = (now: Date) => {
  menu.setClock(now);
  return menu.running.platform.bus.jobs("menu").enqueue(ANNOUNCE_PROMOTIONS, {});
};

test("a promotion that begins at once is live for everyone and told with its whole rule", async () => {
  const rule = { itemIds: [derivedId(menu.tenantId, "item", "E1")], categories: ["Coffee"], weekdays: [1, 2], fromHour: 14, toHour: 16 };
  const made = await make({ rule });
  expect(made).toMatchObject({
    __typename: "Promotion",
    state: "LIVE",
    percent: 20,
    amount: null,
    rule,
    version: 1,
    startsAt: NOON.toISOString(),
    endsAt: null,
  });
  for (const role of ["anonymous", "customer", "staff"] as const) expect(await seenBy(role)).toContain(made["id"]);
  expect((await menu.told("menu.promotion.changed")).find((event) => event.aggregateId === made["id"])?.data).toEqual({
    promotionId: made["id"],
    name: "Happy hour",
    startsAt: NOON.toISOString(),
    endsAt: null,
    active: true,
    reduction: { percent: 20 },
    rule,
  });
});

test("an amount off is money of the chain", async () => {
  expect(await make({ percent: null, amount: "0.50" })).toMatchObject({ percent: null, amount: { amount: "0.50", currency: "EUR" } });
});

test("a planned promotion is the staff's secret until it begins, and nobody's once it ends but the staff's", async () => {
  const { id } = await make({ startsAt: hours(1), endsAt: hours(2) });
  const sees = async (at: string) => {
    menu.setClock(new Date(at));
    return [(await seenBy("customer")).includes(id as string), (await seenBy("staff")).includes(id as string)];
  };
  expect(await sees(NOON.toISOString())).toEqual([false, true]);
  const one = "query ($id: ID!) { promotion(id: $id) { state } }";
  expect((await menu.ask(one, { id }, as("customer"))).data).toEqual({ promotion: null });
  expect((await menu.ask(one, { id })).data).toEqual({ promotion: { state: "SCHEDULED" } });
  expect(await sees(hours(1))).toEqual([true, true]);
  expect(await sees(hours(2))).toEqual([false, true]);
});

test("start and end are told as they come, each once, also when the job runs often and late", async () => {
  const { id } = await make({ startsAt: hours(10), endsAt: hours(11) });
  const { id: missed } = await make({ startsAt: hours(10), endsAt: hours(10.5) });
  expect(await toldOf(id)).toEqual([[1, false]]);
  await announce(new Date(hours(10.9)));
  await until("the start is told", async () => (await toldOf(id)).length === 2);
  await announce(new Date(hours(10.9)));
  await announce(new Date(hours(12)));
  await until("the end is told", async () => (await toldOf(id)).length === 3);
  const { id: last } = await make({ startsAt: hours(12.5) });
  await announce(new Date(hours(13)));
  await until("a later start is told", async () => (await toldOf(last)).length === 2);
  expect(await toldOf(id)).toEqual([
    [1, false],
    [2, true],
    [3, false],
  ]);
  expect(await toldOf(missed)).toEqual([
    [1, false],
    [2, false],
  ]);
});

test("ending a promotion ends it now, ending a planned one keeps it from beginning, and ending twice is ending once", async () => {
  const live = await make({ startsAt: hours(-1) });
  const planned = await make({ startsAt: hours(5) });
  expect((await menu.ask(END, { id: live["id"] }, marketer)).data).toEqual({
    done: { __typename: "Promotion", state: "ENDED", endsAt: NOON.toISOString() },
  });
  expect((await menu.ask(END, { id: live["id"] }, marketer)).data).toMatchObject({ done: { state: "ENDED" } });
  expect((await menu.ask(END, { id: planned["id"] }, marketer)).data).toMatchObject({ done: { state: "ENDED" } });
  expect(await seenBy("customer")).not.toContain(live["id"]);
  menu.setClock(new Date(hours(6)));
  expect(await seenBy("customer")).not.toContain(planned["id"]);
  expect([await toldOf(live["id"]), await toldOf(planned["id"])]).toEqual([
    [
      [1, true],
      [2, false],
    ],
    [
      [1, false],
      [2, false],
    ],
  ]);
});

test("who ends what somebody else changed since, or what is not there, is told so", async () => {
  const { id } = await make({});
  expect((await menu.ask(END, { id, seen: 7 }, marketer)).data).toEqual({ done: { __typename: "Changed", currentVersion: 1 } });
  expect((await menu.ask(END, { id }, { ...marketer, tenantId: menu.otherTenantId })).data).toEqual({
    done: { __typename: "UnknownPromotion" },
  });
  expect((await menu.ask(END, { id: "the usual" }, marketer)).data).toEqual({ done: { __typename: "UnknownPromotion" } });
});

test.each([
  ["no reduction", { percent: null }, "InvalidInput"],
  ["two reductions", { amount: "1.00" }, "InvalidInput"],
  ["an end before the start", { startsAt: hours(2), endsAt: hours(1) }, "InvalidInput"],
  ["an empty name", { name: " " }, "InvalidInput"],
  ["an item that is not on the menu", { rule: { itemIds: ["00000000-0000-4000-8000-000000000000"] } }, "UnknownItem"],
  ["a venue that is not there", { rule: { venueIds: ["corner"] } }, "UnknownVenue"],
])("%s makes no promotion", async (_what, input, type) => {
  const before = (await menu.told()).length;
  expect(await make(input)).toMatchObject({ __typename: type });
  expect(await menu.told()).toHaveLength(before);
});

test("only marketers plan and end promotions, and another chain sees none of them", async () => {
  const { id } = await make({});
  for (const role of ["staff", "customer", "partner", "anonymous"] as const) {
    expect((await menu.ask(CREATE, { input: { name: "Free", percent: 100 } }, as(role))).errors?.[0]?.extensions?.code).toBe("FORBIDDEN");
    expect((await menu.ask(END, { id }, as(role))).errors?.[0]?.extensions?.code).toBe("FORBIDDEN");
  }
  expect((await menu.ask("{ promotions { edges { node { id } } } }", {}, { tenantId: menu.otherTenantId, role: "admin" })).data).toEqual({
    promotions: { edges: [] },
  });
});

interface Promotions {
  promotions: { edges: { node: { startsAt: string; id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
}

test("promotions come page by page, the latest start first", async () => {
  const seen: string[] = [];
  for (let after: string | null = null; ;) {
    const { promotions }: Promotions = await menu.get<Promotions>(
      "query ($after: String) { promotions(first: 2, after: $after) { edges { node { startsAt id } } pageInfo { hasNextPage endCursor } } }",
      { after },
    );
    seen.push(...promotions.edges.map(({ node }) => `${node.startsAt} ${node.id}`));
    if (!promotions.pageInfo.hasNextPage) break;
    after = promotions.pageInfo.endCursor;
  }
  expect(seen).toEqual([...new Set(seen)].sort().reverse());
  expect(seen).toHaveLength((await seenBy("staff")).length);
});
