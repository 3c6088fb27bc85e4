import { encodeCursor } from "@kava/platform/graphql/cursor";
import { pushTopic } from "@kava/contracts/events";
import type { Wakeups } from "@kava/platform/bus/port";
import { until } from "@kava/tests/support/until";
import { createClient, type Client } from "graphql-ws";
import { WebSocket } from "ws";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ANNA, BORIS, TENANT, openAtTheCafe, type AtTheCafe } from "../testing/atTheCafe.js";

interface Received {
  cursor: string;
  offer: {
    id: string;
    item?: { name: string } | null;
    customer?: { segment: { name: string }; recommendedItems: unknown[] | null } | null;
  } | null;
}
const SUBSCRIPTION = `subscription Offers($id: ID!, $after: String) { offerPushed(customerId: $id, after: $after) {
  cursor offer { id depth item { name } customer { segment { name } recommendedItems(first: 1) { item { name } } } } } }`;

const hear = new Set<Parameters<Wakeups["subscribe"]>[1]>();
const wakeups: Pick<Wakeups, "subscribe"> = {
  subscribe: async (_pattern, listener) => {
    hear.add(listener);
    return { close: async () => void hear.delete(listener) };
  },
};
const wake = (customerId: string) => hear.forEach((listener) => listener(pushTopic(TENANT), [customerId]));
const cursorOf = (seq: number) => encodeCursor([seq]);

let at: AtTheCafe;
let token: string;
const clients: Client[] = [];
beforeAll(async () => {
  at = await openAtTheCafe({ subgraphTimeoutMs: 1_000 }, { wakeups });
  token = await at.token({});
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
  at.cafe.beforeAnswer = {};
});
afterAll(() => at?.close());

const connect = (as: string | null = token): Client => {
  const client = createClient({
    url: `${at.gateway.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(as === null ? {} : { connectionParams: { authorization: `Bearer ${as}` } }),
  });
  clients.push(client);
  return client;
};

const subscribe = (variables: Record<string, unknown>, { query = SUBSCRIPTION, client = connect(), key = "offerPushed" } = {}) => {
  const received: Received[] = [];
  const errors: { message: string; path?: readonly (string | number)[]; extensions?: Record<string, unknown> }[] = [];
  let ended = false;
  const stop = client.subscribe<Record<string, Received>>(
    { query, variables },
    {
      next: ({ data, errors: own }) => {
        if (data?.[key]) received.push(data[key]);
        errors.push(...((own ?? []) as typeof errors));
      },
      error: (error) => {
        errors.push(...(Array.isArray(error) ? error : [error as Error]));
        ended = true;
      },
      complete: () => {
        ended = true;
      },
    },
  );
  return { received, errors, stop, hasEnded: () => ended };
};
const asked = (subgraph: string) => at.cafe.received[subgraph]!.length;
const nobodyElse = (number: number) => `0193a1f0-0000-7000-8000-${String(number).padStart(12, "0")}`;
const subscriptionsUnderWay = async () => (await at.gateway.metrics.subscriptions.get()).values[0]?.value;
const staff = () => at.token({ role: "staff" });

test("a push comes joined with what other subgraphs own", async () => {
  const { received, errors } = subscribe({ id: ANNA, after: "start" });
  at.cafe.push(ANNA, "o-1");
  wake(ANNA);
  await until("the push came", () => received.length > 0);
  expect(received).toEqual([
    {
      cursor: cursorOf(1),
      offer: {
        id: "o-1",
        depth: 20,
        item: { name: "Item latte" },
        customer: { segment: { name: "Regulars" }, recommendedItems: [{ item: { name: "Item latte" } }] },
      },
    },
  ]);
  expect(errors).toEqual([]);
});

test("what was pushed since the cursor is replayed first, in order and once, before what comes live", async () => {
  const id = nobodyElse(1);
  for (let seq = 1; seq <= 120; seq += 1) at.cafe.push(id, `o-${seq}`);
  const { received } = subscribe({ id, after: cursorOf(10) }, { client: connect(await staff()) });
  await until("the replay is under way", () => received.length > 0);
  at.cafe.push(id, "o-121");
  wake(id);
  wake(id);
  await until("all came", () => received.length >= 111);
  wake(id);
  expect(received.map(({ cursor }) => cursor)).toEqual(Array.from({ length: 111 }, (_, i) => cursorOf(i + 11)));
});

test("without a cursor only what is pushed after acceptance comes", async () => {
  const id = nobodyElse(2);
  at.cafe.push(id, "old");
  const before = asked("discount");
  const { received } = subscribe({ id }, { client: connect(await staff()) });
  await until("it asked where the list stands", () => asked("discount") > before);
  await until("the subscription listens", async () =>
    (await (await fetch(`${at.gateway.url}/metrics`)).text()).match(/kava_gateway_subscriptions\{[^}]*\} [1-9]/),
  );
  await until("the new push came", () => {
    if (received.length > 0) return true;
    at.cafe.push(id, "new");
    wake(id);
    return false;
  });
  expect(received.every(({ offer }) => offer?.id === "new")).toBe(true);
});

test("a customer who was never pushed anything gets the first push", async () => {
  const id = nobodyElse(3);
  const before = asked("discount");
  const { received } = subscribe({ id }, { client: connect(await staff()) });
  await until("it asked where the list stands", () => asked("discount") > before);
  at.cafe.push(id, "first");
  await until("it came", () => {
    wake(id);
    return received.length > 0;
  });
  expect(received.map(({ offer }) => offer?.id)).toEqual(["first"]);
});

test("who reconnects with the last cursor misses nothing and sees nothing twice", async () => {
  const id = nobodyElse(4);
  const seen: string[] = [];
  for (let round = 0; round < 4; round += 1) {
    const client = connect(await staff());
    const { received } = subscribe({ id, after: seen.at(-1) ?? "start" }, { client });
    at.cafe.push(id, `while connected ${round}`);
    wake(id);
    await until("something came", () => received.length > 0);
    await client.dispose();
    seen.push(...received.map(({ cursor }) => cursor));
    at.cafe.push(id, `while away ${round}`);
    wake(id);
  }
  const { received } = subscribe({ id, after: seen.at(-1)! }, { client: connect(await staff()) });
  await until("the rest came", () => received.at(-1)?.cursor === cursorOf(8));
  expect([...seen, ...received.map(({ cursor }) => cursor)]).toEqual(Array.from({ length: 8 }, (_, i) => cursorOf(i + 1)));
});

test("a push of no offer comes as null", async () => {
  const id = nobodyElse(5);
  at.cafe.push(id, null);
  const { received } = subscribe({ id, after: "start" }, { client: connect(await staff()) });
  await until("it came", () => received.length > 0);
  expect(received).toEqual([{ cursor: cursorOf(1), offer: null }]);
});

test("aliases, fragments and a selection without the cursor keep the client's own shape", async () => {
  const id = nobodyElse(6);
  at.cafe.push(id, "o");
  const query =
    'subscription($who: ID!) { ...Root } fragment Root on Subscription { news: offerPushed(customerId: $who, after: "start") { ...Push } } fragment Push on OfferPush { what: offer { id } }';
  const { received, errors } = subscribe({ who: id }, { query, client: connect(await staff()), key: "news" });
  await until("it came", () => received.length > 0 || errors.length > 0);
  expect(errors).toEqual([]);
  expect(received).toEqual([{ what: { id: "o" } }]);
});

test("equal subscribers share one question to the subgraphs", async () => {
  const id = nobodyElse(7);
  const as = await staff();
  const members = Array.from({ length: 5 }, () => subscribe({ id, after: "start" }, { client: connect(as) }));
  const discount = () => at.cafe.received["discount"]!.filter(({ query }) => query.includes("offerPushes")).length;
  at.cafe.push(id, "first");
  wake(id);
  await until("all have the first", () => members.every(({ received }) => received.length === 1));
  await until("nothing more is asked", async () => {
    const before = discount();
    await at.ask("{ menu { name } }");
    return discount() === before;
  });
  let release = (): void => undefined;
  at.cafe.beforeAnswer["discount"] = () =>
    new Promise<void>((resolve) => {
      release = resolve;
    });
  const before = discount();
  at.cafe.push(id, "second");
  wake(id);
  await until("a question is under way", () => discount() > before);
  await at.ask("{ menu { name } }");
  expect(discount()).toBe(before + 1);
  at.cafe.beforeAnswer = {};
  release();
  await until("all have the second", () => members.every(({ received }) => received.length === 2));
});

test("while a subgraph is down the subscription lives on: first without its part, then whole again", async () => {
  const id = nobodyElse(8);
  const { received, errors } = subscribe({ id, after: "start" }, { client: connect(await staff()) });
  await at.cafe.stop("analytics");
  at.cafe.push(id, "partial");
  wake(id);
  await until("the partial push came", () => received.length === 1);
  await at.cafe.start("analytics");
  expect(received[0]?.offer).toMatchObject({ id: "partial", customer: { segment: { name: "Regulars" }, recommendedItems: null } });
  expect(errors).toMatchObject([{ message: "analytics is not available right now", extensions: { code: "SERVICE_UNAVAILABLE" } }]);
  await at.cafe.stop("discount");
  wake(id);
  at.cafe.push(id, "whole");
  await at.cafe.start("discount");
  await until("the next came", () => {
    wake(id);
    return received.length === 2;
  });
  expect(received[1]?.offer).toMatchObject({ id: "whole", customer: { recommendedItems: [{}] } });
});

test("a subscription from now on that cannot learn what is newest ends with a typed error, and the next try begins", async () => {
  const id = nobodyElse(10);
  const client = connect(await staff());
  await at.cafe.stop("discount");
  const inVain = subscribe({ id }, { client });
  await until("it ended", inVain.hasEnded);
  expect(inVain.received).toEqual([]);
  expect(inVain.errors).toMatchObject([
    { message: expect.stringContaining("subscribe again"), extensions: { code: "SERVICE_UNAVAILABLE" } },
  ]);
  await at.cafe.start("discount");
  const { received } = subscribe({ id }, { client });
  await until("a push came", () => {
    at.cafe.push(id, "seen");
    wake(id);
    return received.length > 0;
  });
  expect(received[0]).toMatchObject({ offer: { id: "seen" } });
});

test("another customer's pushes, a guarded field and a wrong variable are refused with a typed error", async () => {
  const refused = async (variables: Record<string, unknown>, query = SUBSCRIPTION, as: string | null = token) => {
    const { errors, hasEnded } = subscribe(variables, { query, client: connect(as) });
    await until("it ended", hasEnded);
    return errors.map(({ extensions }) => extensions?.["code"]);
  };
  expect(await refused({ id: BORIS })).toEqual(["FORBIDDEN"]);
  expect(await refused({ id: ANNA }, SUBSCRIPTION, null)).toEqual(["FORBIDDEN"]);
  expect(await refused({ id: ANNA }, "subscription($id: ID!) { offerPushed(customerId: $id) { offer { decision } } }")).toEqual([
    "FORBIDDEN",
  ]);
  expect(await refused({})).toEqual(["BAD_USER_INPUT"]);
  expect(await refused({ id: ANNA, after: "what is this" })).toEqual(["BAD_USER_INPUT"]);
  expect(await refused({ id: ANNA }, "subscription($id: ID!) { offerPushed(customerId: $id) { no } }")).toEqual([
    "GRAPHQL_VALIDATION_FAILED",
  ]);
  expect(
    await refused(
      { id: ANNA },
      `subscription($id: ID!) { offerPushed(customerId: $id) { offer { customer { ${"friends { ".repeat(20)} id ${"} ".repeat(20)} } } } }`,
    ),
  ).toEqual(["QUERY_TOO_DEEP"]);
  await until("nothing of them is left", async () => (await subscriptionsUnderWay()) === 0);
});

test("over HTTP a subscription is answered with where it is served", async () => {
  const answer = await at.ask(SUBSCRIPTION, { token, variables: { id: ANNA } });
  expect(answer.errors).toMatchObject([
    { message: expect.stringContaining("WebSocket"), extensions: { code: "SUBSCRIPTION_NOT_SUPPORTED" } },
  ]);
});

test("a lost wake-up is made good by polling", async () => {
  const polling = await openAtTheCafe({ pushPollMs: 20 });
  const id = nobodyElse(9);
  const client = createClient({
    url: `${polling.gateway.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${await polling.token({ role: "staff" })}` },
  });
  const { received } = subscribe({ id, after: "start" }, { client });
  polling.cafe.push(id, "found");
  await until("it was found", () => received.length > 0);
  expect(received.map(({ offer }) => offer?.id)).toEqual(["found"]);
  await client.dispose();
  await polling.close();
});
