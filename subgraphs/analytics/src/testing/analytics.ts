import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId, purchaseIdOf } from "@kava/contracts/ids";
import { IDENTITY_HEADER, INTERNAL_KEY_HEADER, type Identity } from "@kava/contracts/identity";
import type { AnyEvent, EventData, EventType } from "@kava/contracts/events";
import type { LoadKind, LoadResult, LoadStatus } from "@kava/contracts/loading";
import { encodeIdentity } from "@kava/platform/identity/header";
import { startSubgraph, type RunningSubgraph } from "@kava/platform/service";
import { freshDatabase } from "@kava/tests/support/freshDatabase";
import { until } from "@kava/tests/support/until";
import { createAnalyticsSubgraph } from "../service.js";

const KEY = "a-key-for-the-tests";

/** A running analytics over a real PostgreSQL and the real embedded ClickHouse in a folder of its own, asked as the gateway and the bus ask it. */
export class TestAnalytics {
  private constructor(
    readonly running: RunningSubgraph,
    readonly databaseUrl: string,
    readonly folder: string,
  ) {}

  static async start(databaseUrl?: string, folder?: string): Promise<TestAnalytics> {
    const url = databaseUrl ?? (await freshDatabase());
    const path = folder ?? (await mkdtemp(join(tmpdir(), "kava-test-clickhouse-")));
    const running = await startSubgraph(createAnalyticsSubgraph({ clickhouse: { path }, databasePrefix: "kava" }), {
      host: "127.0.0.1",
      port: 0,
      databaseUrl: url,
      databasePool: 8,
      busPool: 6,
      redisUrl: undefined,
      internalKey: KEY,
      logLevel: "error",
    });
    return new TestAnalytics(running, url, path);
  }

  /** Ends the service; its data stays, for a start to find. */
  close(): Promise<void> {
    return this.running.close();
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  get sql() {
    return this.running.platform.database.sql;
  }

  /** Publishes an event and waits until it was applied. Returns its id. */
  async hear<T extends EventType>(
    type: T,
    tenantId: string,
    data: EventData<T>,
    given: { id?: string; version?: number; occurredAt?: string } = {},
  ): Promise<string> {
    const event = {
      id: given.id ?? newId(),
      type,
      version: 1,
      tenantId,
      aggregateId: tenantId,
      aggregateVersion: given.version ?? 1,
      occurredAt: given.occurredAt ?? new Date().toISOString(),
      trace: null,
      data,
    };
    await this.running.platform.bus.events.publish([event as never as AnyEvent]);
    await until(
      `${type} was applied`,
      async () =>
        (await this.sql.query("SELECT FROM inbox WHERE event_id = $1", [event.id])).rowCount === 1 &&
        (await this.running.platform.bus.events.depth("analytics")) === 0,
    );
    return event.id;
  }

  async ask<Data>(
    query: string,
    identity: Partial<Identity> & { tenantId: string },
    headers: Record<string, string> = {},
  ): Promise<{ data: Data; errors?: { message: string; extensions?: { code?: string } }[] }> {
    const response = await fetch(this.running.url, {
      method: "POST",
      body: JSON.stringify({ query }),
      headers: {
        "content-type": "application/json",
        [INTERNAL_KEY_HEADER]: KEY,
        [IDENTITY_HEADER]: encodeIdentity({ role: "staff", scopes: [], ...identity }),
        ...headers,
      },
    });
    return (await response.json()) as never;
  }

  async request<Answer>(method: "GET" | "POST", path: string, body?: string, type = "application/x-ndjson"): Promise<Answer> {
    const response = await fetch(new URL(path, this.running.url), {
      method,
      headers: { [INTERNAL_KEY_HEADER]: KEY, ...(body === undefined ? {} : { "content-type": type }) },
      ...(body === undefined ? {} : { body }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  load(kind: LoadKind, tenantId: string, rows: readonly object[]): Promise<LoadResult> {
    return this.request("POST", `/internal/load/${kind}?tenant=${tenantId}&batch=test`, rows.map((row) => JSON.stringify(row)).join("\n"));
  }

  /** Says that a load is complete and waits for what follows. */
  async finish(tenantId: string): Promise<void> {
    await this.request("POST", `/internal/load/finish?tenant=${tenantId}&batch=test`, "{}", "application/json");
    await until(
      "preferences were learned",
      async () => (await this.request<LoadStatus>("GET", `/internal/load/status?tenant=${tenantId}`)).state === "idle",
    );
  }

  /** Waits until nothing is under way: tastes are ranked, what was learned was told, heard and sent. */
  async quiet(): Promise<void> {
    const { bus } = this.running.platform;
    const stored = async () =>
      (
        await this.sql.query(
          "SELECT FROM taste_change UNION ALL SELECT FROM outbox WHERE relayed_at IS NULL OR batched_at IS NULL UNION ALL SELECT FROM ledger LEFT JOIN batch ON batch = number WHERE sent_at IS NULL",
        )
      ).rowCount === 0;
    const queued = async () => (await bus.jobs("analytics").pending()) === 0 && (await bus.events.depth("analytics")) === 0;
    // what left the queue between two looks is in the ledger at the third
    await until("analytics is quiet", async () => (await stored()) && (await queued()) && (await stored()));
  }

  /** Waits until all that was heard is in ClickHouse. */
  async settled(): Promise<void> {
    await until(
      "the ledger was sent",
      async () =>
        (await this.sql.query("SELECT FROM ledger LEFT JOIN batch ON batch = number WHERE sent_at IS NULL LIMIT 1")).rowCount === 0,
    );
  }
}

export const FACTS: EventData<"tenant.configured"> = {
  slug: "test",
  name: "Test",
  currency: "EUR",
  minorDigits: 2,
  timeZone: "Europe/Kyiv",
  floor: 0.35,
  ceiling: 40,
  tax: { mode: "none", rate: 0 },
};

export const itemPriced = (
  itemId: string,
  name: string,
  change: Partial<EventData<"menu.item.priced">> = {},
): EventData<"menu.item.priced"> => ({
  itemId,
  sku: name,
  name,
  category: "drinks",
  priceMinor: 400,
  costMinor: 100,
  retired: false,
  unavailableVenueIds: [],
  ...change,
});

/** A purchase at list price, one of each item, as an event. */
export const purchaseRecorded = (
  tenantId: string,
  key: string,
  customerId: string | null,
  at: string,
  itemIds: readonly string[],
  venueId: string | null = null,
): EventData<"purchase.recorded"> => ({
  purchaseId: purchaseIdOf(tenantId, key, new Date(at)),
  customerId,
  venueId,
  at,
  totalMinor: 400 * itemIds.length,
  discountMinor: 0,
  features: null,
  segment: null,
  lines: itemIds.map((itemId) => ({ itemId, name: "item", quantity: 1, unitPriceMinor: 400, paidMinor: 400 })),
});

/** The same as a row of a load. */
export const purchaseRow = (
  tenantId: string,
  key: string,
  customerId: string | null,
  at: string,
  itemIds: readonly string[],
  venueId: string | null = null,
) => ({
  id: purchaseIdOf(tenantId, key, new Date(at)),
  key,
  customerId,
  venueId,
  at,
  lines: itemIds.map((itemId) => ({ itemId, quantity: 1, unitPriceMinor: 400, paidMinor: 400 })),
});
