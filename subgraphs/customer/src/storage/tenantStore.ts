import { derivedId, tenantIdOf } from "@kava/contracts/ids";
import type { TenantFacts } from "@kava/contracts/tenant";
import type { Database } from "@kava/platform/database/database";
import type { Sql } from "@kava/platform/database/sql";
import { appendToOutbox } from "@kava/platform/events/outbox";
import type { TenantView } from "@kava/platform/views/tenants";
import { isDeepStrictEqual } from "node:util";
import { NEWCOMERS, newcomersIdOf } from "../domain/segmentation.js";

/** Thrown when a tenant's facts cannot be changed like this; the message says why. */
export class TenantConflict extends Error {
  override readonly name = "TenantConflict";
}

/** The tenants, which this subgraph owns: the others hear of them by `tenant.configured`. */
export class TenantStore {
  constructor(
    private readonly database: Database,
    private readonly view: TenantView,
    private readonly wakeOutbox: () => void,
  ) {}

  /**
   * Makes a tenant or changes its facts. The event's id follows from the version, so that a caller who repeats himself can still wait for it.
   * Throws TenantConflict for another currency once money was counted in the old one.
   */
  async configure(facts: TenantFacts, now: Date): Promise<{ tenantId: string; eventIds: string[] }> {
    const tenantId = tenantIdOf(facts.slug);
    const version = await this.database.transaction(async (tx) => {
      await tx.query("SELECT pg_advisory_xact_lock(hashtext($1))", [`kava.tenant.${tenantId}`]);
      const { rows } = await tx.query<{ version: number; facts: TenantFacts }>("SELECT version, facts FROM tenant WHERE tenant_id = $1", [
        tenantId,
      ]);
      const before = rows[0];
      if (before && isDeepStrictEqual(before.facts, facts)) return before.version;
      if (before) await refuseOtherMoney(tx, tenantId, before.facts, facts);
      else await createNewcomers(tx, tenantId, now);
      const next = (before?.version ?? 0) + 1;
      await this.view.put(tx, tenantId, next, facts);
      await appendToOutbox(tx, [
        {
          id: eventIdOf(tenantId, next),
          type: "tenant.configured",
          tenantId,
          aggregateId: tenantId,
          aggregateVersion: next,
          occurredAt: now,
          data: facts,
        },
      ]);
      return next;
    });
    this.wakeOutbox();
    return { tenantId, eventIds: [eventIdOf(tenantId, version)] };
  }

  /** Makes the tenant if it is not there; what is there stays as it is. */
  async ensure(facts: TenantFacts, now: Date): Promise<void> {
    if (!(await this.view.facts(tenantIdOf(facts.slug)))) await this.configure(facts, now);
  }

  all(): Promise<{ tenantId: string; facts: TenantFacts }[]> {
    return this.view.all();
  }
}

const eventIdOf = (tenantId: string, version: number): string => derivedId(tenantId, "event", `tenant.configured:${version}`);

const refuseOtherMoney = async (tx: Sql, tenantId: string, before: TenantFacts, after: TenantFacts): Promise<void> => {
  if (before.currency === after.currency && before.minorDigits === after.minorDigits) return;
  const { rows } = await tx.query("SELECT FROM request WHERE tenant_id = $1 LIMIT 1", [tenantId]);
  if (rows.length > 0)
    throw new TenantConflict(
      `${before.name} (${before.slug}) has purchases in ${before.currency} with ${before.minorDigits} decimals; its currency cannot change any more: load the records under another tenant`,
    );
};

/** Everyone is in a segment from the first moment: this one, until there is enough to train on. */
const createNewcomers = async (tx: Sql, tenantId: string, now: Date): Promise<void> => {
  await tx.query("INSERT INTO segmentation (tenant_id, generation) VALUES ($1, 0) ON CONFLICT DO NOTHING", [tenantId]);
  await tx.query(
    "INSERT INTO segment (tenant_id, id, name, description, first_generation, newcomers, created_at) VALUES ($1, $2, $3, $4, 0, true, $5) ON CONFLICT DO NOTHING",
    [tenantId, newcomersIdOf(tenantId), NEWCOMERS.name, NEWCOMERS.description, now],
  );
};
