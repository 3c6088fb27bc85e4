import { Migration } from "@mikro-orm/migrations";

/**
 * Purchases by month, their lines in the row: they are read with it and never alone (joins by item are analytics' work). A unique key must hold
 * the partition key, so what makes an idempotency key unique is the unpartitioned `request`. Partitions are made by `partitions.ts`.
 */
export class Purchases extends Migration {
  override up(): void {
    this.addSql(`CREATE TABLE purchase (
      tenant_id uuid NOT NULL, id uuid NOT NULL, at timestamptz NOT NULL, customer_id uuid, venue_id uuid,
      total_minor bigint NOT NULL, discount_minor bigint NOT NULL, lines jsonb NOT NULL, recorded_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, id, at)) PARTITION BY RANGE (at)`);
    this.addSql("CREATE INDEX purchase_by_customer ON purchase (tenant_id, customer_id, at DESC, id DESC)");
    this.addSql("CREATE INDEX purchase_by_moment ON purchase (tenant_id, at)");
    this.addSql(`CREATE TABLE request (
      tenant_id uuid NOT NULL, key text NOT NULL, body_hash text, purchase_id uuid NOT NULL, purchase_at timestamptz NOT NULL, PRIMARY KEY (tenant_id, key))`);
    this.addSql("COMMENT ON COLUMN request.body_hash IS 'null for a purchase that came with history: its request was never seen'");
  }
}

/** What a batch of history added, and how far the work that follows it has come. */
export class Loading extends Migration {
  override up(): void {
    this.addSql(`CREATE TABLE load_batch (
      tenant_id uuid NOT NULL, batch_id text NOT NULL, state text NOT NULL CHECK (state IN ('loading', 'waiting', 'working', 'done', 'failed')),
      step text, done int NOT NULL DEFAULT 0, total int NOT NULL DEFAULT 0,
      purchases int NOT NULL DEFAULT 0, customers int NOT NULL DEFAULT 0, first_at timestamptz, last_at timestamptz, PRIMARY KEY (tenant_id, batch_id))`);
  }
}
