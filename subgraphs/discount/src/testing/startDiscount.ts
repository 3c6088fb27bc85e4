import { uniformAt } from "@kava/algorithms/random";
import { newId, purchaseIdOf, tenantIdOf } from "@kava/contracts/ids";
import type { AnyEvent, EventData, EventType } from "@kava/contracts/events";
import { IDENTITY_HEADER, INTERNAL_KEY_HEADER, type Identity } from "@kava/contracts/identity";
import type { LoadResult, LoadStatus } from "@kava/contracts/loading";
import type { TenantFacts } from "@kava/contracts/tenant";
import type { PlatformConfig } from "@kava/platform/config";
import { encodeIdentity } from "@kava/platform/identity/header";
import { startSubgraph, type RunningSubgraph } from "@kava/platform/service";
import { freshDatabase } from "@kava/tests/support/freshDatabase";
import { until } from "@kava/tests/support/until";
import { z } from "zod";
import { isInHoldout } from "../domain/holdout.js";
import { isoWeek } from "../domain/localTime.js";
import { POLICY_SEED } from "../domain/policy.js";
import { discountSubgraph } from "../service.js";

const KEY = "a-key-for-the-tests";
export const CHAIN: TenantFacts = {
  slug: "kava",
  name: "Kava",
  currency: "EUR",
  minorDigits: 2,
  timeZone: "UTC",
  floor: 0.35,
  ceiling: 40,
  tax: { mode: "none", rate: 0 },
};

/** What the graph answered; a test says what it expects of the data. */
export interface Answer<Data> {
  data: Data;
  errors?: { message: string; extensions?: { code?: string } }[];
}

type ItemData = EventData<"menu.item.priced">;

/** The discount service on a database of its own, its clock in the test's hand. */
export class DiscountUnderTest {
  readonly tenantId = tenantIdOf("kava");
  readonly otherTenantId = tenantIdOf("another-chain");
  readonly #versions = new Map<string, number>();
  #now: Date | null = null;

  private constructor(
    readonly running: RunningSubgraph,
    private readonly clock: { now: () => Date },
  ) {
    clock.now = () => this.#now ?? new Date();
  }

  /** @param databaseUrl a fresh one unless told */
  static async start(databaseUrl?: string): Promise<DiscountUnderTest> {
    const config: PlatformConfig = {
      host: "127.0.0.1",
      port: 0,
      databaseUrl: databaseUrl ?? (await freshDatabase()),
      databasePool: 8,
      busPool: 6,
      redisUrl: undefined,
      internalKey: KEY,
      logLevel: "error",
    };
    const clock = { now: () => new Date() };
    const started = new DiscountUnderTest(await startSubgraph(discountSubgraph, config, () => clock.now()), clock);
    await started.tell("tenant.configured", CHAIN, started.tenantId);
    await started.tell("tenant.configured", { ...CHAIN, slug: "another-chain" }, started.otherTenantId, started.otherTenantId);
    return started;
  }

  get sql() {
    return this.running.platform.database.sql;
  }
  get now(): Date {
    return this.clock.now();
  }
  setClock(now: Date): void {
    this.#now = now;
  }

  /** An event as its producer would publish it; versions of an aggregate rise by themselves. */
  event<T extends EventType>(type: T, data: EventData<T>, aggregateId: string = newId(), tenantId = this.tenantId): AnyEvent {
    const aggregateVersion = (this.#versions.get(aggregateId) ?? 0) + 1;
    this.#versions.set(aggregateId, aggregateVersion);
    return {
      id: newId(),
      type,
      version: 1,
      tenantId,
      aggregateId,
      aggregateVersion,
      occurredAt: this.now.toISOString(),
      trace: null,
      data,
    } as AnyEvent;
  }

  /** Publishes events over the bus and waits until the service has applied them. */
  async publish(events: readonly AnyEvent[]): Promise<void> {
    await this.running.platform.bus.events.publish(events);
    const ids = events.map((event) => event.id);
    await until("the events were applied", async () => {
      const { rows } = await this.sql.query<{ seen: number }>(
        "SELECT count(*) AS seen FROM inbox WHERE consumer = 'discount' AND event_id = ANY($1::uuid[])",
        [ids],
      );
      return rows[0]?.seen === new Set(ids).size;
    });
  }

  async tell<T extends EventType>(type: T, data: EventData<T>, aggregateId?: string, tenantId?: string): Promise<void> {
    await this.publish([this.event(type, data, aggregateId, tenantId)]);
  }

  /** An item on the menu, known to discount. Prices in minor units. */
  async item(given: Partial<ItemData> = {}, tenantId = this.tenantId): Promise<ItemData> {
    const itemId = given.itemId ?? newId();
    const data: ItemData = {
      itemId,
      sku: itemId.slice(-8),
      name: "Croissant",
      category: "Pastry",
      priceMinor: 400,
      costMinor: 100,
      retired: false,
      unavailableVenueIds: [],
      ...given,
    };
    await this.tell("menu.item.priced", data, itemId, tenantId);
    return data;
  }

  /** A customer who draws the deepest depth that has a chance (or, when asked, the greedy one of an uplift model), or one of the holdout; registered long ago. */
  async customer(given: { holdout?: boolean; tastes?: string[]; tenantId?: string; draws?: "deepest" | "greedy" } = {}): Promise<string> {
    const registered = this.#registered(given);
    await this.publish([registered]);
    return registered.aggregateId;
  }

  /** As many as these, who are offered something on an item: each has bought and likes it. */
  async customersOffered(itemId: string, count: number): Promise<string[]> {
    const registered = Array.from({ length: count }, () => this.#registered({}));
    const ids = registered.map((event) => event.aggregateId);
    await this.publish([...registered, ...ids.map((id) => this.liking(id, [{ itemId, score: 0.08 }]))]);
    await this.publish(ids.map((id) => this.purchase(id, [newId()])));
    return ids;
  }

  #registered({ holdout = false, tastes = [] as string[], tenantId = this.tenantId, draws = "deepest" as "deepest" | "greedy" }): AnyEvent {
    let customerId = newId();
    while (isInHoldout(tenantId, customerId) !== holdout || !DRAWS[draws](luckOf(tenantId, customerId, this.now))) customerId = newId();
    return this.event(
      "customer.registered",
      { customerId, externalId: null, displayName: "Ada", joinedAt: "2025-01-01T00:00:00.000Z", tastes, homeVenueId: null },
      customerId,
      tenantId,
    );
  }

  /** A purchase as customer tells it. */
  purchase(
    customerId: string | null,
    itemIds: readonly string[],
    changes: Partial<EventData<"purchase.recorded">> = {},
    tenantId = this.tenantId,
  ): AnyEvent {
    const lines = itemIds.map((itemId) => ({ itemId, name: "An item", quantity: 1, unitPriceMinor: 400, paidMinor: 400 }));
    return this.event(
      "purchase.recorded",
      {
        purchaseId: purchaseIdOf(tenantId, newId(), this.now),
        customerId,
        venueId: null,
        at: this.now.toISOString(),
        lines,
        totalMinor: 400 * lines.length,
        discountMinor: 0,
        features: { purchaseCount: 3, recencyDays: 10, frequencyPerWeek: 0.7, averageOrderMinor: 450, medianGapDays: 10 },
        segment: null,
        ...changes,
      },
      customerId ?? newId(),
      tenantId,
    );
  }

  /** What analytics learned of a customer; score is how likely the next basket holds the item. */
  liking(customerId: string, items: { itemId: string; score: number }[], { afterLoad = false, tenantId = this.tenantId } = {}): AnyEvent {
    return this.event(
      "preferences.learned",
      {
        afterLoad,
        customers: [{ customerId, items: items.map((item) => ({ ...item, because: { code: "customersLikeYou", params: {} } })) }],
      },
      newId(),
      tenantId,
    );
  }

  async ask<Data>(query: string, variables: object = {}, identity: Partial<Identity> = {}, language = "en"): Promise<Answer<Data>> {
    const response = await fetch(this.running.url, {
      method: "POST",
      body: JSON.stringify({ query, variables }),
      headers: { "content-type": "application/json", "accept-language": language, ...this.#headers(identity) },
    });
    return (await response.json()) as Answer<Data>;
  }

  async load(kind: "customers" | "purchases", rows: readonly object[]): Promise<LoadResult> {
    const body = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    return (await (
      await fetch(this.#internal(`load/${kind}`), {
        method: "POST",
        body,
        headers: { "content-type": "application/x-ndjson", ...this.#headers({}) },
      })
    ).json()) as LoadResult;
  }

  async finishLoad(): Promise<void> {
    await fetch(this.#internal("load/finish"), { method: "POST", headers: this.#headers({}) });
    await until("the load is worked through", async () => (await this.loadStatus()).state === "idle");
  }

  async loadStatus(): Promise<LoadStatus> {
    return (await (await fetch(this.#internal("load/status"), { headers: this.#headers({}) })).json()) as LoadStatus;
  }

  /** Runs a job of the service now, instead of in its turn. */
  async runJob(name: string, input: object): Promise<void> {
    const queue = this.running.platform.bus.jobs("discount");
    const key = newId();
    await queue.enqueue({ name, input: z.object({}).loose(), attempts: 1 }, input, { key });
    await until(`the job "${name}" has run`, async () => (await queue.pending(name)) === 0);
    const why = await queue.whyGivenUp(name, key);
    if (why !== null) throw new Error(`The job "${name}" failed: ${why}`);
  }

  async close(): Promise<void> {
    await this.running.close();
  }

  #internal(path: string): string {
    return this.running.url.replace("/graphql", `/internal/${path}?tenant=${this.tenantId}&batch=test`);
  }

  #headers(identity: Partial<Identity>): Record<string, string> {
    return {
      [INTERNAL_KEY_HEADER]: KEY,
      [IDENTITY_HEADER]: encodeIdentity({ tenantId: this.tenantId, role: "staff", scopes: [], ...identity }),
    };
  }
}

const luckOf = (tenantId: string, customerId: string, now: Date): number =>
  uniformAt(POLICY_SEED, "depth", tenantId, customerId, isoWeek(now, CHAIN.timeZone));

/** Depths are drawn from none at the bottom of the range to the deepest at its top; what is greedy has nine tenths of it, somewhere between. */
const DRAWS = { deepest: (luck: number) => luck > 0.97, greedy: (luck: number) => luck > 0.1 && luck < 0.9 } as const;

/** Identities that ask. */
export const customerAs = (customerId: string): Partial<Identity> => ({ role: "customer", customerId });
export const anonymous: Partial<Identity> = { role: "anonymous" };
