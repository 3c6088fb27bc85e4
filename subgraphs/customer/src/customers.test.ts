import { randomUUID } from "node:crypto";
import { tenantIdOf } from "@kava/contracts/ids";
import type { Identity } from "@kava/contracts/identity";
import { tokenVerifier } from "@kava/platform/identity/tokens";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newcomersIdOf } from "./domain/segmentation.js";
import { STAFF, TENANT, startCustomer, type Answer, type CustomerService } from "./testing/startCustomer.js";

const NOW = new Date("2026-11-22T10:00:00Z");
const GUEST: Identity = { tenantId: TENANT, role: "anonymous", scopes: [] };
const REGISTER = `mutation ($input: RegisterCustomerInput!) { registerCustomer(input: $input) { __typename
  ... on Session { accessToken refreshToken expiresAt customer { id displayName attributes externalId joinedAt segment { name provisional outlier since segment { id name description size } }
    rfm { recencyDays frequencyPerWeek purchaseCount monetary { amount } } averageOrderValue { amount currency } purchases { totalCount edges { node { id } } pageInfo { hasNextPage endCursor } } } }
  ... on UserError { message } ... on InvalidInput { field } } }`;

let service: CustomerService;
beforeAll(async () => {
  service = await startCustomer(NOW);
  await until("the menu is known", async () => (await service.count("item_view")) === 3 && (await service.count("venue_view")) === 1);
});
afterAll(() => service?.close());

const dataOf = <T>(answer: Answer, field: string): T => {
  if (answer.errors) throw new Error(answer.errors.map((error) => error.message).join());
  return (answer.data as Record<string, T>)[field]!;
};

interface Session {
  __typename: string;
  accessToken: string;
  expiresAt: string;
  refreshToken: string | null;
  message: string;
  field: string;
  customer: { id: string; displayName: string };
}
const register = async (input: object, identity = GUEST): Promise<Session> =>
  dataOf(
    await service.ask(
      REGISTER,
      { input: { email: `${randomUUID().replace(/\d/g, "x")}@example.com`, password: "a long secret", displayName: "Ann", ...input } },
      identity,
    ),
    "registerCustomer",
  );
const asCustomer = (customerId: string): Identity => ({ tenantId: TENANT, role: "customer", customerId, scopes: [] });

describe("registerCustomer", () => {
  test("gives a session whose token speaks for the new customer for an hour, and tells the other services", async () => {
    const session = await register({
      displayName: " Ann Smith ",
      tastes: ["Espresso", " Espresso ", "cakes"],
      venueId: service.venueId,
      attributes: { birthday: "1990-05-17" },
    });
    expect(session).toMatchObject({
      __typename: "Session",
      refreshToken: null,
      expiresAt: "2026-11-22T11:00:00.000Z",
      customer: {
        displayName: "Ann Smith",
        attributes: { birthday: "1990-05-17" },
        externalId: null,
        joinedAt: NOW.toISOString(),
        segment: { name: "Newcomers", provisional: true, outlier: false },
        averageOrderValue: { amount: "0.00", currency: "EUR" },
        rfm: { recencyDays: null, frequencyPerWeek: 0, purchaseCount: 0, monetary: { amount: "0.00" } },
        purchases: { totalCount: 0, edges: [], pageInfo: { hasNextPage: false, endCursor: null } },
      },
    });
    const verified = await (await tokenVerifier({ keyFile: service.signingKeyFile }))(session.accessToken, NOW);
    expect(verified.identity).toEqual({ tenantId: TENANT, role: "customer", customerId: session.customer.id, scopes: [] });
    expect(await service.events("customer.registered")).toContainEqual({
      customerId: session.customer.id,
      externalId: null,
      displayName: "Ann Smith",
      joinedAt: NOW.toISOString(),
      tastes: ["Espresso", "cakes"],
      homeVenueId: service.venueId,
    });
  });

  test("keeps one customer for an address, however it is written and however many ask at once", async () => {
    const before = await service.count("customer");
    const answers = await Promise.all(["Kim@Example.com", " kim@example.com", "KIM@EXAMPLE.COM"].map((email) => register({ email })));
    expect(answers.map((answer) => answer.__typename).sort()).toEqual(["EmailTaken", "EmailTaken", "Session"]);
    expect(await service.count("customer")).toBe(before + 1);
  });

  test("never keeps a password in clear", async () => {
    await register({ email: "secret@example.com", password: "correct horse battery" });
    const { rows } = await service.running.platform.database.sql.query<{ password_hash: string }>(
      "SELECT password_hash FROM customer WHERE email = 'secret@example.com'",
    );
    expect(rows[0]!.password_hash).toMatch(/^scrypt\$15\$8\$3\$[\w-]+\$[\w-]+$/);
  });

  test.each([
    ["a short password", { password: "seven77" }, "password"],
    ["the address as password", { email: "leo@example.com", password: "leo@example.com" }, "password"],
    ["no address", { email: "leo" }, "email"],
    ["an address with a NUL", { email: "l\u0000eo@example.com" }, "email"],
    ["no name", { displayName: "  " }, "displayName"],
    ["an unknown venue", { venueId: randomUUID() }, "venueId"],
    ["a venue that is no id", { venueId: "centre" }, "venueId"],
    ["attributes that are no object", { attributes: [1] }, "attributes"],
    ["attributes that cannot be stored", { attributes: { note: "a\u0000b" } }, "attributes"],
    ["too many attributes", { attributes: { note: "x".repeat(17_000) } }, "attributes"],
    ["too many tastes", { tastes: Array.from({ length: 31 }, (_, index) => `taste ${index}`) }, "tastes"],
  ])("%s is InvalidInput and registers nobody", async (_name, input, field) => {
    const before = await service.count("customer");
    expect(await register(input)).toMatchObject({ __typename: "InvalidInput", field });
    expect(await service.count("customer")).toBe(before);
  });
});

describe("who sees a customer", () => {
  let ann: string;
  beforeAll(async () => {
    ann = (await register({})).customer.id;
  });
  const see = async (identity: Identity) =>
    dataOf<{ id: string } | null>(await service.ask("query ($id: ID!) { customer(id: $id) { id } }", { id: ann }, identity), "customer");
  const reference = async (identity: Identity) =>
    dataOf<unknown[]>(
      await service.ask(
        "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Customer { id displayName segment { name } } } }",
        { r: [{ __typename: "Customer", id: ann }] },
        identity,
      ),
      "_entities",
    )[0];

  test.each<[string, () => Identity]>([
    ["staff", () => STAFF],
    ["the customer", () => asCustomer(ann)],
    ["a partner with customers:read", () => ({ tenantId: TENANT, role: "partner", scopes: ["customers:read"] })],
  ])("%s does, also through another subgraph", async (_name, identity) => {
    expect(await see(identity())).toEqual({ id: ann });
    expect(await reference(identity())).toMatchObject({ id: ann, segment: { name: "Newcomers" } });
  });
  test.each<[string, Identity]>([
    ["another customer", asCustomer(randomUUID())],
    ["a guest", GUEST],
    ["a partner without the scope", { tenantId: TENANT, role: "partner", scopes: ["purchases:write"] }],
    ["another chain's staff", { ...STAFF, tenantId: tenantIdOf("elsewhere") }],
  ])("%s does not, also not through another subgraph", async (_name, identity) => {
    expect(await see(identity)).toBeNull();
    expect(await reference(identity)).toBeNull();
  });
  test("me is the signed-in customer, and nobody for staff and guests", async () => {
    const me = async (identity: Identity) => dataOf(await service.ask("{ me { id } }", {}, identity), "me");
    expect([await me(asCustomer(ann)), await me(STAFF), await me(GUEST)]).toEqual([{ id: ann }, null, null]);
  });
  test("an id that is none finds nobody", async () => {
    expect(dataOf(await service.ask('{ customer(id: "42") { id } }'), "customer")).toBeNull();
  });
  test("lists of customers and segments are for staff", async () => {
    for (const query of ["{ customers { totalCount } }", "{ segments { id } }"])
      for (const identity of [GUEST, asCustomer(ann)])
        expect((await service.ask(query, {}, identity)).errors?.[0]?.extensions?.code).toBe("FORBIDDEN");
  });
});

describe("changeProfile", () => {
  const CHANGE =
    "mutation ($input: ChangeProfileInput!) { changeProfile(input: $input) { __typename ... on Customer { displayName attributes } ... on UserError { message } } }";
  test("changes what is given and leaves the rest", async () => {
    const { customer } = await register({ attributes: { milk: "oat", cup: "large" } });
    const answer = await service.ask(
      CHANGE,
      { input: { displayName: "Ann B.", attributes: { milk: "soy", cup: null, sugar: 0 } } },
      asCustomer(customer.id),
    );
    expect(dataOf(answer, "changeProfile")).toEqual({
      __typename: "Customer",
      displayName: "Ann B.",
      attributes: { milk: "soy", sugar: 0 },
    });
  });
  test("many changes of one customer at once all end, though each holds a connection while it waits for the row", async () => {
    const { customer } = await register({});
    const answers = await Promise.all(
      Array.from({ length: 15 }, (_, index) =>
        service.ask(CHANGE, { input: { tastes: [`taste ${index}`], displayName: `Ann ${index}` } }, asCustomer(customer.id)),
      ),
    );
    expect(answers.map((answer) => dataOf<{ __typename: string }>(answer, "changeProfile").__typename)).toEqual(
      Array.from({ length: 15 }, () => "Customer"),
    );
  });
  test("tells the other services what the customer declares now, and says nothing where nothing of it changed", async () => {
    const { customer } = await register({ tastes: ["Tea"] });
    const change = (input: object) => service.ask(CHANGE, { input }, asCustomer(customer.id));
    await change({ tastes: ["Espresso"], venueId: service.venueId });
    await change({ tastes: ["Espresso"], venueId: service.venueId, displayName: "Ann C." });
    await change({ venueId: null });
    const { rows } = await service.running.platform.database.sql.query(
      "SELECT aggregate_version AS version, data FROM outbox WHERE type = 'customer.profiled' AND aggregate_id = $1 ORDER BY id",
      [customer.id],
    );
    const told = {
      customerId: customer.id,
      tastes: ["Espresso"],
      segment: { id: newcomersIdOf(TENANT), name: "Newcomers" },
    };
    expect(rows).toEqual([
      { version: 2, data: { ...told, homeVenueId: service.venueId } },
      { version: 4, data: { ...told, homeVenueId: null } },
    ]);
  });
  test("is for the customer and staff alone", async () => {
    const { customer } = await register({});
    const change = async (identity: Identity) =>
      dataOf<{ __typename: string }>(
        await service.ask(CHANGE, { input: { customerId: customer.id, displayName: "Mallory" } }, identity),
        "changeProfile",
      ).__typename;
    expect([await change(asCustomer(randomUUID())), await change(GUEST), await change(STAFF)]).toEqual([
      "UnknownCustomer",
      "UnknownCustomer",
      "Customer",
    ]);
  });
});

describe("customers", () => {
  const LIST = `query ($search: String, $segment: ID, $first: Int, $after: String) { customers(search: $search, segment: $segment, first: $first, after: $after) {
    edges { node { id externalId displayName } } pageInfo { hasNextPage endCursor } } }`;
  interface List {
    edges: { node: { id: string; externalId: string; displayName: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  }
  const list = async (variables: object, identity = STAFF) => dataOf<List>(await service.ask(LIST, variables, identity), "customers");
  const names = (found: List) => found.edges.map((edge) => edge.node.displayName);

  beforeAll(async () => {
    const row = (externalId: string, displayName: string, email: string | null) => ({
      id: randomUUID(),
      externalId,
      displayName,
      email,
      joinedAt: "2026-01-01T00:00:00Z",
    });
    await service.load("customers", [
      row("47", "Zoe Zimmer", "zoe@chain.example"),
      row("475", "Ada 47 Lovelace", null),
      row("1475", "Bob 100% Stone", null),
      row("c_9", "Søren Kjær", "soren@chain.example"),
    ]);
  });

  test("who has exactly this external id comes first, then those whose name, address or id holds the words", async () => {
    expect(names(await list({ search: "47" }))).toEqual(["Zoe Zimmer", "Ada 47 Lovelace", "Bob 100% Stone"]);
  });
  test.each([
    ["zimm zoe", ["Zoe Zimmer"]],
    ["SOREN@chain", ["Søren Kjær"]],
    ["søren", ["Søren Kjær"]],
    ["100%", ["Bob 100% Stone"]],
    ["c_9", ["Søren Kjær"]],
    ["c%9", []],
    ["nobody at all", []],
  ])("search %j finds %j", async (search, expected) => {
    expect(names(await list({ search }))).toEqual(expected);
  });
  test("pages hold everyone once, in the order of names, with and without a search", async () => {
    for (const search of [null, "47", "example"]) {
      const all = await list({ first: 100, search });
      const paged: string[] = [];
      for (let after: string | null = null; ;) {
        const page: List = await list({ first: 2, after, search });
        paged.push(...page.edges.map((edge) => edge.node.id));
        if (!page.pageInfo.hasNextPage) break;
        after = page.pageInfo.endCursor;
      }
      expect(paged).toEqual(all.edges.map((edge) => edge.node.id));
    }
  });
  test("a segment's members are all in it", async () => {
    const [segment] = dataOf<{ id: string; name: string; size: number }[]>(await service.ask("{ segments { id name size } }"), "segments");
    expect(segment!.name).toBe("Newcomers");
    expect((await list({ segment: segment!.id, first: 100 })).edges.length).toBe(await service.count("customer"));
    expect((await list({ segment: randomUUID() })).edges).toEqual([]);
  });
  test("another chain's staff find nobody", async () => {
    expect((await list({ search: "47" }, { ...STAFF, tenantId: tenantIdOf("elsewhere") })).edges).toEqual([]);
  });
  test.each([
    ["a cursor of elsewhere", { after: "bm9uZQ" }],
    ["a page of 0", { first: 0 }],
    ["a page of 101", { first: 101 }],
    ["a segment that is no id", { segment: "regulars" }],
  ])("%s is refused clearly", async (_name, variables) => {
    expect((await service.ask(LIST, variables)).errors?.[0]?.extensions?.code).toBe("BAD_USER_INPUT");
  });
});
