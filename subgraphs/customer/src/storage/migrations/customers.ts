import { Migration } from "@mikro-orm/migrations";

/** Customers, the segments they are in, and the venues that they can call home. */
export class Customers extends Migration {
  override up(): void {
    this.addSql("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public");
    this.addSql(`CREATE TABLE customer (
      tenant_id uuid NOT NULL, id uuid NOT NULL, external_id text, display_name text NOT NULL, email text, password_hash text,
      joined_at timestamptz NOT NULL, attributes jsonb NOT NULL DEFAULT '{}', tastes text[] NOT NULL DEFAULT '{}', home_venue_id uuid,
      habits jsonb NOT NULL, habits_stale boolean NOT NULL DEFAULT false,
      purchase_count int NOT NULL DEFAULT 0, total_minor bigint NOT NULL DEFAULT 0, last_at timestamptz,
      segment_id uuid NOT NULL, segment_since timestamptz NOT NULL, segment_generation int NOT NULL DEFAULT 0,
      provisional boolean NOT NULL DEFAULT true, outlier boolean NOT NULL DEFAULT false, version bigint NOT NULL DEFAULT 1,
      sort_name text NOT NULL GENERATED ALWAYS AS (lower(display_name)) STORED,
      search_text text NOT NULL GENERATED ALWAYS AS (lower(display_name || ' ' || coalesce(email, '') || ' ' || coalesce(external_id, ''))) STORED,
      PRIMARY KEY (tenant_id, id),
      CONSTRAINT customer_email UNIQUE (tenant_id, email),
      CONSTRAINT customer_external_id UNIQUE (tenant_id, external_id))`);
    this.addSql("CREATE INDEX customer_search ON customer USING gin (search_text public.gin_trgm_ops)");
    this.addSql("CREATE INDEX customer_by_name ON customer (tenant_id, sort_name, id)");
    this.addSql("CREATE INDEX customer_by_segment ON customer (tenant_id, segment_id)");
    this.addSql("CREATE INDEX customer_by_last ON customer (tenant_id, last_at)");
    this.addSql("CREATE INDEX customer_by_generation ON customer (tenant_id, segment_generation, id)");
    this.addSql("CREATE INDEX customer_stale ON customer (tenant_id, id) WHERE habits_stale");
    this.addSql(
      "CREATE TABLE venue_view (tenant_id uuid NOT NULL, venue_id uuid NOT NULL, version bigint NOT NULL, name text NOT NULL, PRIMARY KEY (tenant_id, venue_id))",
    );
  }
}

/**
 * A purchase updates its customer's row: it stays on its page, and no index (the trigrams' above all) is written again, as long as no indexed column
 * changes and the page has room.
 */
export class CustomersInPlace extends Migration {
  override up(): void {
    this.addSql("DROP INDEX customer_by_last");
    this.addSql("ALTER TABLE customer SET (fillfactor = 60)");
  }
}

/** Segments keep their id through trainings; `segmentation` holds the model that is in service, `segmentation_history` the last ones. */
export class Segments extends Migration {
  override up(): void {
    this.addSql(`CREATE TABLE segment (
      tenant_id uuid NOT NULL, id uuid NOT NULL, name text NOT NULL, description text NOT NULL, first_generation int NOT NULL,
      centroid jsonb, newcomers boolean NOT NULL DEFAULT false, retired_at timestamptz, created_at timestamptz NOT NULL, PRIMARY KEY (tenant_id, id))`);
    this.addSql("CREATE UNIQUE INDEX segment_newcomers ON segment (tenant_id) WHERE newcomers");
    this.addSql(`CREATE TABLE segmentation (
      tenant_id uuid PRIMARY KEY, generation int NOT NULL, model jsonb, fitted_at timestamptz, placed_at timestamptz)`);
    this.addSql(`CREATE TABLE segmentation_history (
      tenant_id uuid NOT NULL, generation int NOT NULL, model jsonb NOT NULL, fitted_at timestamptz NOT NULL, PRIMARY KEY (tenant_id, generation))`);
    this.addSql(`CREATE TABLE segment_move (
      tenant_id uuid NOT NULL, customer_id uuid NOT NULL, at timestamptz NOT NULL, segment_id uuid NOT NULL, generation int NOT NULL,
      PRIMARY KEY (tenant_id, customer_id, at))`);
  }
}
