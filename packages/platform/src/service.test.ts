import { each } from "./events/inbox.js";
import { newId, tenantIdOf } from "@kava/contracts/ids";
import { IDENTITY_HEADER, INTERNAL_KEY_HEADER } from "@kava/contracts/identity";
import { freshDatabase } from "@kava/tests/support/freshDatabase";
import { until } from "@kava/tests/support/until";
import { Field, ObjectType, Query, Resolver } from "type-graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendToOutbox } from "./events/outbox.js";
import { federatedSchema } from "./graphql/federatedSchema.js";
import { Money, moneyOf } from "./graphql/money.js";
import { encodeIdentity } from "./identity/header.js";
import { startSubgraph, type RunningSubgraph } from "./service.js";

@ObjectType("Probe")
class Probe {
  @Field(() => String) id!: string;
  @Field(() => Money) price!: Money;
}
@Resolver(() => Probe)
class ProbeResolver {
  @Query(() => Probe) probe(): Probe {
    return { id: "1", price: moneyOf(450, { currency: "EUR", minorDigits: 2 }) };
  }
  @Query(() => String, { nullable: true }) broken(): string {
    throw new Error("the password is hunter2");
  }
}

const tenantId = tenantIdOf("kava");
const heard: string[] = [];
let running: RunningSubgraph;

beforeAll(async () => {
  const { schema } = await federatedSchema({ resolvers: [ProbeResolver], references: {} });
  running = await startSubgraph(
    {
      name: "menu",
      entities: [],
      migrations: {},
      build: async () => ({
        schema,
        context: () => ({}),
        effects: { "tenant.configured": each(async (event) => void heard.push(event.data.name)) },
      }),
    },
    {
      host: "127.0.0.1",
      port: 0,
      databaseUrl: await freshDatabase(),
      databasePool: 5,
      busPool: 5,
      redisUrl: undefined,
      internalKey: "a-key-for-the-tests",
      logLevel: "warn",
    },
  );
});
afterAll(() => running?.close());

const ask = (query: string, key = "a-key-for-the-tests") =>
  fetch(running.url, {
    method: "POST",
    body: JSON.stringify({ query }),
    headers: {
      "content-type": "application/json",
      [INTERNAL_KEY_HEADER]: key,
      [IDENTITY_HEADER]: encodeIdentity({ tenantId, role: "staff", scopes: [] }),
    },
  });

test("a subgraph answers whoever holds the internal key", async () => {
  expect(await (await ask("{ probe { id price { amount currency } } }")).json()).toEqual({
    data: { probe: { id: "1", price: { amount: "4.50", currency: "EUR" } } },
  });
});

test("a subgraph refuses whoever does not hold the internal key", async () => {
  expect((await ask("{ probe { id } }", "guess")).status).toBe(401);
});

test("an unexpected error reaches the caller as a reference only", async () => {
  const text = await (await ask("{ broken }")).text();
  expect(text).not.toContain("hunter2");
  expect(JSON.parse(text)).toMatchObject({ data: { broken: null }, errors: [{ extensions: { code: "INTERNAL_SERVER_ERROR" } }] });
});

test("an event that was written with its effect reaches its consumer once, also when it is published twice", async () => {
  const { platform } = running;
  const id = newId();
  const fact = {
    id,
    type: "tenant.configured" as const,
    tenantId,
    aggregateId: tenantId,
    aggregateVersion: 1,
    occurredAt: new Date(),
    data: {
      slug: "kava",
      name: "Kava",
      currency: "EUR",
      minorDigits: 2,
      timeZone: "UTC",
      floor: 0.35,
      ceiling: 40,
      tax: { mode: "none" as const, rate: 0 },
    },
  };
  await platform.database.transaction((tx) => appendToOutbox(tx, [fact]));
  platform.wakeOutbox();
  await until("the event was heard", () => heard.length > 0);
  await platform.bus.events.publish([{ ...fact, version: 1, trace: null, occurredAt: fact.occurredAt.toISOString() }]);
  await until("the queue is empty", async () => (await platform.bus.events.depth("menu")) === 0);
  expect(heard).toEqual(["Kava"]);
});

test("it is ready when its database answers", async () => {
  expect((await fetch(running.url.replace("/graphql", "/health/ready"))).status).toBe(200);
});
