import { randomUUID } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AnyEvent, EventType } from "@kava/contracts/events";
import { derivedId, tenantIdOf } from "@kava/contracts/ids";
import { IDENTITY_HEADER, INTERNAL_KEY_HEADER, type Identity } from "@kava/contracts/identity";
import { TenantFacts } from "@kava/contracts/tenant";
import { encodeIdentity } from "@kava/platform/identity/header";
import { newSigningJwk } from "@kava/platform/identity/keys";
import { startSubgraph, type RunningSubgraph } from "@kava/platform/service";
import { freshDatabase } from "@kava/tests/support/freshDatabase";
import { createCustomerSubgraph } from "../service.js";

const INTERNAL_KEY = "a-key-for-the-tests";
export const TENANT = tenantIdOf("kava");
/** A staff member of the default tenant. */
export const STAFF: Identity = { tenantId: TENANT, role: "staff", scopes: [] };

export interface Answer {
  data: Record<string, never>;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** A customer subgraph over a database of its own, with a menu of three items and a venue; its clock is set by the test. */
export interface CustomerService {
  running: RunningSubgraph;
  signingKeyFile: string;
  /** What the service believes it to be. */
  setNow(now: Date): void;
  ask(query: string, variables?: object, identity?: Identity): Promise<Answer>;
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Sends rows to a bulk loader. */
  load(
    kind: string,
    rows: readonly object[],
    batch?: string,
    tenantId?: string,
  ): Promise<{ added: number; known: number; rejected: { index: number; reason: string }[] }>;
  /** The events of a type that the service wrote, in order. */
  events<T extends EventType>(type: T): Promise<Extract<AnyEvent, { type: T }>["data"][]>;
  count(table: string): Promise<number>;
  items: { coffee: string; cake: string; beans: string };
  venueId: string;
  close(): Promise<void>;
}

export const FACTS: TenantFacts = TenantFacts.parse({ slug: "kava", name: "Kava", currency: "EUR", timeZone: "Europe/Kyiv" });

/** `databaseUrl`: that of an earlier service, to start again where it ended; a new one unless told. */
export const startCustomer = async (now: Date, databaseUrl?: string): Promise<CustomerService> => {
  const clock = { now };
  const signingKeyFile = join(await mkdtemp(join(tmpdir(), "kava-customer-")), "key.json");
  await writeFile(signingKeyFile, await newSigningJwk());
  const running = await startSubgraph(
    createCustomerSubgraph({ signingKeyFile, defaultTenant: FACTS }),
    {
      host: "127.0.0.1",
      port: 0,
      databaseUrl: databaseUrl ?? (await freshDatabase()),
      databasePool: 10,
      busPool: 6,
      redisUrl: undefined,
      internalKey: INTERNAL_KEY,
      logLevel: "warn",
    },
    () => clock.now,
  );
  const { sql } = running.platform.database;
  const items = {
    coffee: derivedId(TENANT, "item", "coffee"),
    cake: derivedId(TENANT, "item", "cake"),
    beans: derivedId(TENANT, "item", "beans"),
  };
  const venueId = derivedId(TENANT, "venue", "centre");
  const base = running.url.replace("/graphql", "");
  const request: CustomerService["request"] = (path, init) => {
    const headers = new Headers(init?.headers);
    headers.set(INTERNAL_KEY_HEADER, INTERNAL_KEY);
    return fetch(base + path, { ...init, headers });
  };
  await running.platform.bus.events.publish(menuEvents(items, venueId, now));
  return {
    running,
    signingKeyFile,
    items,
    venueId,
    request,
    setNow: (moment) => {
      clock.now = moment;
    },
    ask: async (query, variables = {}, identity = STAFF) =>
      (
        await request("/graphql", {
          method: "POST",
          body: JSON.stringify({ query, variables }),
          headers: { "content-type": "application/json", [IDENTITY_HEADER]: encodeIdentity(identity) },
        })
      ).json() as Promise<Answer>,
    load: async (kind, rows, batch = "test", tenantId = TENANT) =>
      (
        await request(`/internal/load/${kind}?tenant=${tenantId}&batch=${batch}`, {
          method: "POST",
          headers: { "content-type": "application/x-ndjson" },
          body: rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
        })
      ).json() as Promise<Awaited<ReturnType<CustomerService["load"]>>>,
    events: async (type) =>
      (await sql.query<{ data: never }>("SELECT data FROM outbox WHERE type = $1 ORDER BY id", [type])).rows.map((row) => row.data),
    count: async (table) => (await sql.query<{ count: number }>(`SELECT count(*) FROM ${table}`)).rows[0]!.count,
    close: () => running.close(),
  };
};

const menuEvents = (items: CustomerService["items"], venueId: string, now: Date): AnyEvent[] => {
  const envelope = (aggregateId: string) => ({
    id: randomUUID(),
    version: 1,
    tenantId: TENANT,
    aggregateId,
    aggregateVersion: 1,
    occurredAt: now.toISOString(),
    trace: null,
  });
  const item = (itemId: string, name: string, category: string, priceMinor: number): AnyEvent => ({
    ...envelope(itemId),
    type: "menu.item.priced",
    data: {
      itemId,
      sku: name,
      name,
      category,
      priceMinor,
      costMinor: Math.round(priceMinor * 0.3),
      retired: false,
      unavailableVenueIds: [],
    },
  });
  return [
    item(items.coffee, "Cappuccino", "Espresso", 400),
    item(items.cake, "Honey cake", "Desserts", 650),
    item(items.beans, "House beans", "Beans", 1_500),
    { ...envelope(venueId), type: "menu.venue.changed", data: { venueId, name: "Centre", latitude: null, longitude: null } },
  ];
};
