import { Migration } from "@mikro-orm/migrations";
import type { MigrationClass } from "@kava/platform/database/database";
import { CREATE_TRAINING } from "@kava/platform/models/trainings";
import { ITEM_VIEW_MIGRATION } from "@kava/platform/views/items";

class Ledger extends Migration {
  override up(): void {
    this.addSql("CREATE SEQUENCE ledger_position");
    this.addSql(`CREATE TABLE ledger (
      fact_id uuid PRIMARY KEY, position bigint NOT NULL DEFAULT nextval('ledger_position'), tenant_id uuid NOT NULL, type text NOT NULL, at timestamptz NOT NULL,
      weight int NOT NULL CHECK (weight > 0), data json NOT NULL, context json, batch bigint)`);
    this.addSql("CREATE INDEX ledger_waiting ON ledger (position) WHERE batch IS NULL");
    this.addSql("CREATE INDEX ledger_batch ON ledger (batch, position)");
    // the id of a batch is its insert token: once it is written, what belongs to it never changes
    this.addSql(`CREATE TABLE batch (
      number bigint PRIMARY KEY, id uuid NOT NULL UNIQUE, facts int NOT NULL CHECK (facts > 0), weight bigint NOT NULL,
      made_at timestamptz NOT NULL DEFAULT now(), sent_at timestamptz)`);
    this.addSql("CREATE INDEX batch_open ON batch (number) WHERE sent_at IS NULL");
    this.addSql(`CREATE TABLE generation (
      id uuid PRIMARY KEY, database text NOT NULL UNIQUE, tables_version int NOT NULL, state text NOT NULL CHECK (state IN ('building', 'active', 'retired')), made_at timestamptz NOT NULL DEFAULT now())`);
    this.addSql("CREATE UNIQUE INDEX generation_active ON generation (state) WHERE state = 'active'");
  }
}

class Views extends Migration {
  override up(): void {
    this.addSql(`CREATE TABLE customer_view (
      tenant_id uuid NOT NULL, customer_id uuid NOT NULL, version bigint NOT NULL DEFAULT 0, joined_at timestamptz, home_venue_id uuid, tastes text[] NOT NULL DEFAULT '{}', PRIMARY KEY (tenant_id, customer_id))`);
    this.addSql(`CREATE TABLE venue_view (
      tenant_id uuid NOT NULL, venue_id uuid NOT NULL, version bigint NOT NULL, name text NOT NULL, PRIMARY KEY (tenant_id, venue_id))`);
  }
}

class Preferences extends Migration {
  override up(): void {
    this.addSql(
      "CREATE TABLE taste_model (tenant_id uuid PRIMARY KEY, version bigint NOT NULL, learned_at timestamptz NOT NULL, purchases bigint NOT NULL, model json NOT NULL)",
    );
    this.addSql("COMMENT ON COLUMN taste_model.purchases IS 'how many purchases ClickHouse held when it was learned'");
    this.addSql(`CREATE TABLE association_rule (
      tenant_id uuid NOT NULL, version bigint NOT NULL, place int NOT NULL, antecedent uuid[] NOT NULL, consequent uuid NOT NULL, baskets int NOT NULL,
      support double precision NOT NULL, confidence double precision NOT NULL, lift double precision NOT NULL, leverage double precision NOT NULL, PRIMARY KEY (tenant_id, version, place))`);
    // a customer's list is written and read whole, so it is one row; items are [{itemId, score, because}], best first
    this.addSql(`CREATE TABLE recommendation (
      tenant_id uuid NOT NULL, customer_id uuid NOT NULL, version bigint NOT NULL, learned_at timestamptz NOT NULL, items json NOT NULL, PRIMARY KEY (tenant_id, customer_id))`);
    this.addSql("CREATE TABLE popular_items (tenant_id uuid PRIMARY KEY, version bigint NOT NULL, items json NOT NULL)");
    this.addSql(
      "CREATE TABLE taste_change (tenant_id uuid NOT NULL, customer_id uuid NOT NULL, change bigint NOT NULL, PRIMARY KEY (tenant_id, customer_id))",
    );
    this.addSql("CREATE SEQUENCE taste_change_number");
  }
}

class ModelLife extends Migration {
  override up(): void {
    this
      .addSql(`ALTER TABLE taste_model ADD COLUMN state text NOT NULL DEFAULT 'serving' CHECK (state IN ('serving', 'retired', 'withdrawn', 'refused')),
      ADD COLUMN through timestamptz, ADD COLUMN promoted_at timestamptz, ADD COLUMN served_as bigint, ADD COLUMN comparison json,
      ADD COLUMN reasons text[] NOT NULL DEFAULT '{}', ADD COLUMN shift double precision`);
    this.addSql("COMMENT ON COLUMN taste_model.through IS 'the last purchase that it learned from: later ones judge its successor'");
    this.addSql(
      "COMMENT ON COLUMN taste_model.served_as IS 'the number of the lists made from it: one put back has lists newer than its own'",
    );
    this.addSql("UPDATE taste_model SET promoted_at = learned_at, served_as = version");
    this.addSql("ALTER TABLE taste_model DROP CONSTRAINT taste_model_pkey, ADD PRIMARY KEY (tenant_id, version)");
    this.addSql("ALTER TABLE taste_model ALTER COLUMN model DROP NOT NULL");
    this.addSql("CREATE UNIQUE INDEX taste_model_serving ON taste_model (tenant_id) WHERE state = 'serving'");
  }
}

class Training extends Migration {
  override up(): void {
    this.addSql(CREATE_TRAINING);
  }
}

export const ANALYTICS_MIGRATIONS: Record<string, MigrationClass> = {
  ...ITEM_VIEW_MIGRATION,
  "0010_ledger": Ledger,
  "0011_customers_and_venues": Views,
  "0012_preferences": Preferences,
  "0013_model_life": ModelLife,
  "0014_training": Training,
};
