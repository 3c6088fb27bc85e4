import { Migration } from "@mikro-orm/migrations";
import type { MigrationClass } from "@kava/platform/database/database";

class Venues extends Migration {
  override up(): void {
    // btree_gist lets the tenant stand before the place in one GiST index
    for (const extension of ["cube", "earthdistance", "btree_gist"])
      this.addSql(`CREATE EXTENSION IF NOT EXISTS ${extension} SCHEMA public`);
    this.addSql(`CREATE TABLE venue (
      tenant_id uuid NOT NULL, id uuid NOT NULL, key text NOT NULL, name text NOT NULL,
      latitude double precision CHECK (latitude BETWEEN -90 AND 90), longitude double precision CHECK (longitude BETWEEN -180 AND 180),
      version bigint NOT NULL, import_digest text, PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, key),
      CHECK ((latitude IS NULL) = (longitude IS NULL)))`);
    this.addSql("CREATE INDEX venue_place ON venue USING gist (tenant_id, ll_to_earth(latitude, longitude)) WHERE latitude IS NOT NULL");
  }
}

class Items extends Migration {
  override up(): void {
    this.addSql(`CREATE TABLE item (
      tenant_id uuid NOT NULL, id uuid NOT NULL, sku text NOT NULL, name text NOT NULL, category text NOT NULL,
      price_minor bigint NOT NULL CHECK (price_minor >= 0), cost_minor bigint CHECK (cost_minor >= 0),
      version bigint NOT NULL, retired_at timestamptz, import_digest text, PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, sku))`);
    this.addSql("CREATE INDEX item_menu ON item (tenant_id, category, name, id) WHERE retired_at IS NULL");
    this.addSql(`CREATE TABLE item_price (
      tenant_id uuid NOT NULL, item_id uuid NOT NULL, version bigint NOT NULL, valid_from timestamptz NOT NULL,
      price_minor bigint NOT NULL, cost_minor bigint, changed_by text NOT NULL,
      PRIMARY KEY (tenant_id, item_id, version), FOREIGN KEY (tenant_id, item_id) REFERENCES item (tenant_id, id))`);
    this.addSql(`CREATE TABLE item_availability (
      tenant_id uuid NOT NULL, item_id uuid NOT NULL, venue_id uuid NOT NULL, available boolean NOT NULL, changed_at timestamptz NOT NULL, changed_by text NOT NULL,
      PRIMARY KEY (tenant_id, item_id, venue_id), FOREIGN KEY (tenant_id, item_id) REFERENCES item (tenant_id, id),
      FOREIGN KEY (tenant_id, venue_id) REFERENCES venue (tenant_id, id))`);
  }
}

class Promotions extends Migration {
  override up(): void {
    this.addSql(`CREATE TABLE promotion (
      tenant_id uuid NOT NULL, id uuid NOT NULL, name text NOT NULL, starts_at timestamptz NOT NULL, ends_at timestamptz,
      percent double precision CHECK (percent > 0 AND percent <= 100), amount_minor bigint CHECK (amount_minor > 0), rule jsonb NOT NULL,
      announced text NOT NULL CHECK (announced IN ('scheduled', 'live', 'ended')), version bigint NOT NULL, changed_by text NOT NULL,
      PRIMARY KEY (tenant_id, id), CHECK ((percent IS NULL) <> (amount_minor IS NULL)), CHECK (ends_at >= starts_at))`);
    this.addSql("CREATE INDEX promotion_list ON promotion (tenant_id, starts_at DESC, id DESC)");
    this.addSql("CREATE INDEX promotion_due ON promotion (announced) WHERE announced <> 'ended'");
  }
}

export const MIGRATIONS: Record<string, MigrationClass> = { "0010_venues": Venues, "0011_items": Items, "0012_promotions": Promotions };
