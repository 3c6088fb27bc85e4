import type { EventData } from "@kava/contracts/events";
import { TenantFacts } from "@kava/contracts/tenant";
import { LRUCache } from "lru-cache";
import type { Sql } from "../database/sql.js";
import { each, type Effects } from "../events/inbox.js";

const FRESH_MS = 5_000;

/** A service's view of the tenants, fed by `tenant.configured`; the customer subgraph, which owns them, keeps its own in the same table. */
export class TenantView {
  readonly #cache = new LRUCache<string, TenantFacts>({ max: 1_000, ttl: FRESH_MS });

  constructor(private readonly sql: Sql) {}

  /** The tenant's facts, at most five seconds old; null when this service has not heard of the tenant. */
  async facts(tenantId: string): Promise<TenantFacts | null> {
    const cached = this.#cache.get(tenantId);
    if (cached) return cached;
    const { rows } = await this.sql.query<{ facts: TenantFacts }>("SELECT facts FROM tenant WHERE tenant_id = $1", [tenantId]);
    if (!rows[0]) return null;
    const facts = TenantFacts.parse(rows[0].facts);
    this.#cache.set(tenantId, facts);
    return facts;
  }

  /** As `facts`, for where a tenant must be there. Throws when it is not. */
  async required(tenantId: string): Promise<TenantFacts> {
    const facts = await this.facts(tenantId);
    if (!facts) throw new Error(`The tenant ${tenantId} has not been configured, or this service has not heard of it yet`);
    return facts;
  }

  async all(): Promise<{ tenantId: string; facts: TenantFacts }[]> {
    const { rows } = await this.sql.query<{ tenant_id: string; facts: TenantFacts }>(
      "SELECT tenant_id, facts FROM tenant ORDER BY tenant_id",
    );
    return rows.map((row) => ({ tenantId: row.tenant_id, facts: TenantFacts.parse(row.facts) }));
  }

  /** Keeps facts that are newer than what is there. */
  async put(tx: Sql, tenantId: string, version: number, facts: EventData<"tenant.configured">): Promise<void> {
    await tx.query(
      `INSERT INTO tenant (tenant_id, version, facts) VALUES ($1, $2, $3)
       ON CONFLICT (tenant_id) DO UPDATE SET version = excluded.version, facts = excluded.facts WHERE tenant.version < excluded.version`,
      [tenantId, version, JSON.stringify(facts)],
    );
    this.#cache.delete(tenantId);
  }

  readonly effects: Effects = {
    "tenant.configured": each((event, tx) => this.put(tx, event.tenantId, event.aggregateVersion, event.data)),
  };
}
