import { until } from "@kava/tests/support/until";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ANNA, openAtTheCafe, type AtTheCafe } from "../testing/atTheCafe.js";
import { Ride, shareFetch } from "./shareFetch.js";
import type { Asked, PlannedFetch, Run, SubgraphAnswer } from "./run.js";

let at: AtTheCafe;
beforeAll(async () => {
  at = await openAtTheCafe();
});
afterEach(() => {
  at.cafe.beforeAnswer = {};
});
afterAll(() => at?.close());

const VISIT = `query($id: ID!) { customer(id: $id) { recommendedItems(first: 2) { item { name price { amount } personalPrice(customerId: $id) { amount } } } offer { item { name } } } }`;
/** Asks a visit, and how often menu was asked for it. */
const visit = async () => {
  const before = menuQuestions();
  const { data, errors } = await at.ask(VISIT, { token: await at.token({}), variables: { id: ANNA } });
  return { data, errors, asked: menuQuestions() - before };
};
/** How many answers of discount the gateway has taken in. */
const discountAnswers = async (): Promise<number> => {
  const text = await (await fetch(`${at.gateway.url}/metrics`)).text();
  return Number(/^kava_gateway_subgraph_seconds_count\{[^}]*subgraph="discount"[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0);
};
const menuQuestions = (): number => at.cafe.received["menu"]!.length;

test("a visit asks menu once for both branches when the shorter one is there first", async () => {
  const first = await visit(); // executed by Apollo Gateway
  const known = await discountAnswers();
  at.cafe.beforeAnswer["analytics"] = () =>
    until("the offer is there", async () => (await discountAnswers()) > known).then(() => undefined);
  expect(await visit()).toEqual({ ...first, asked: 1 });
  expect(first).toMatchObject({ asked: 2, data: { customer: { offer: { item: { name: "Item latte" } } } } });
});

test("the longer branch never waits: a late offer asks for itself", async () => {
  const first = await visit();
  const before = menuQuestions();
  at.cafe.beforeAnswer["discount"] = () => until("menu is asked", () => menuQuestions() > before).then(() => undefined);
  expect(await visit()).toEqual({ ...first, asked: 2 });
});

test.each(["analytics", "discount"])("when %s does not answer, the other branch asks alone", async (name) => {
  await visit();
  await at.cafe.stop(name);
  const { data, asked } = await visit();
  await at.cafe.start(name);
  expect(asked).toBe(1);
  expect(JSON.stringify(data)).toContain('"Item latte"');
});

const planned = (text: string, subgraph = "menu"): PlannedFetch => ({ subgraph, query: text, operationName: undefined });
const HOST = planned("query($representations:[_Any!]!){_entities(representations:$representations){...on MenuItem{name price}}}");
const GUEST = planned("query($representations:[_Any!]!,$id:ID){_entities(representations:$representations){...on MenuItem{cost(of:$id)}}}");

test("two fetches become one operation, the guest's part under names of its own", () => {
  expect(shareFetch(HOST, GUEST)?.query.replace(/\s+/g, " ")).toBe(
    "query ($representations: [_Any!]!, $guest_representations: [_Any!]!, $guest_id: ID) { " +
      "_entities(representations: $representations) { ... on MenuItem { name price } } " +
      "guest: _entities(representations: $guest_representations) { ... on MenuItem { cost(of: $guest_id) } } }",
  );
});

test.each([
  ["of another subgraph", planned(GUEST.query, "discount")],
  ["of root fields", planned("{menu{name}}")],
  [
    "with fragments",
    planned("query($representations:[_Any!]!){_entities(representations:$representations){...F}} fragment F on MenuItem{name}"),
  ],
])("a fetch %s is not taken along", (_what, guest) => {
  expect(shareFetch(HOST, guest)).toBeUndefined();
});

/** Lets both meet over these answers, newest last. */
const meet = async (answers: SubgraphAnswer[]) => {
  const taken: [who: string, answer: SubgraphAnswer][] = [];
  const errors: unknown[] = [];
  const run: Run = {
    variables: {},
    joined: {},
    errors,
    fetch: () => (answers.length > 0 ? Promise.resolve(answers.shift()!) : Promise.reject(new Error("gone"))),
  };
  const asked = (who: string, planned: PlannedFetch): Asked => ({
    planned,
    variables: {},
    take: (answer) => void taken.push([who, answer]),
  });
  const ride = new Ride(shareFetch(HOST, GUEST)!, run);
  await Promise.all([ride.guest(asked("guest", GUEST)), ride.host(asked("host", HOST))]);
  return { taken: Object.fromEntries(taken), errors };
};

test("each gets its own part and its own errors; an error without a place is both's", async () => {
  const [own, its, both] = [
    { message: "own", path: ["_entities", 0] },
    { message: "its", path: ["guest", 1, "cost"] },
    { message: "both" },
  ];
  const { taken } = await meet([{ data: { _entities: [1], guest: [2] }, errors: [own, its, both] }]);
  expect(taken["host"]).toMatchObject({ data: { _entities: [1] }, errors: [own, both] });
  expect(taken["guest"]).toEqual({ data: { _entities: [2] }, errors: [{ message: "its", path: ["_entities", 1, "cost"] }, both] });
});

test("an answer without data is asked again one by one: the fault of one is not the other's", async () => {
  const { taken } = await meet([{ data: null }, { data: { _entities: [1] } }, { data: { _entities: [2] } }]);
  expect(taken).toEqual({ host: { data: { _entities: [1] } }, guest: { data: { _entities: [2] } } });
});

test("a subgraph that does not answer is an error of both", async () => {
  expect(await meet([])).toEqual({ taken: {}, errors: [new Error("gone"), new Error("gone")] });
});
