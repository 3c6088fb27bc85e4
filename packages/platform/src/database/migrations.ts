import { Migration } from "@mikro-orm/migrations";
import type { MigrationClass } from "./database.js";

/** The outbox and the inbox stand in every service's own schema: they take part in its transactions. */
class OutboxAndInbox extends Migration {
  override up(): void {
    this.addSql(`CREATE TABLE outbox (
      id uuid PRIMARY KEY, tenant_id uuid NOT NULL, type text NOT NULL, aggregate_id text NOT NULL, aggregate_version bigint NOT NULL,
      occurred_at timestamptz NOT NULL, trace text, data jsonb NOT NULL, relayed_at timestamptz)`);
    this.addSql("CREATE INDEX outbox_waiting ON outbox (id) WHERE relayed_at IS NULL");
    this.addSql("CREATE INDEX outbox_relayed ON outbox (relayed_at) WHERE relayed_at IS NOT NULL");
    this.addSql(
      "CREATE TABLE inbox (consumer text NOT NULL, event_id uuid NOT NULL, seen_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (consumer, event_id))",
    );
    this.addSql("CREATE INDEX inbox_seen ON inbox (seen_at)");
  }
}

/** Every service knows the tenants: their currency, floor and ceiling. */
class Tenants extends Migration {
  override up(): void {
    this.addSql("CREATE TABLE tenant (tenant_id uuid PRIMARY KEY, version bigint NOT NULL, facts jsonb NOT NULL)");
  }
}

/** Events leave on two lanes, each with its own mark: `relayed_at` for those who hear at once, `batched_at` for those who hear in batches. */
class OutboxLanes extends Migration {
  override up(): void {
    this.addSql("ALTER TABLE outbox ADD COLUMN batched_at timestamptz");
    this.addSql("UPDATE outbox SET batched_at = relayed_at");
    this.addSql("CREATE INDEX outbox_waiting_batched ON outbox (id) WHERE batched_at IS NULL");
    this.addSql("DROP INDEX outbox_relayed");
  }
}

export const PLATFORM_MIGRATIONS: Record<string, MigrationClass> = {
  "0000_outbox_and_inbox": OutboxAndInbox,
  "0001_tenants": Tenants,
  "0003_outbox_lanes": OutboxLanes,
};
