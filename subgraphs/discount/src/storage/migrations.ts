import type { MigrationClass } from "@kava/platform/database/database";
import { CREATE_TRAINING } from "@kava/platform/models/trainings";
import { ITEM_VIEW_MIGRATION } from "@kava/platform/views/items";
import { Migration } from "@mikro-orm/migrations";

/** What discount knows of customers from others' events: who they are, how often they come, what they bought, what they may like. */
class CustomerViews extends Migration {
  override up(): void {
    this.addSql(`CREATE TABLE customer_view (
      tenant_id uuid NOT NULL, customer_id uuid NOT NULL, joined_at timestamptz, tastes text[] NOT NULL DEFAULT '{}', home_venue_id uuid, profile_version bigint NOT NULL DEFAULT 0, last_venue_id uuid,
      segment_id uuid, segment_name text, segment_at timestamptz, segment_version bigint,
      purchase_count int NOT NULL DEFAULT 0, last_at timestamptz, frequency_per_week double precision NOT NULL DEFAULT 0,
      average_order_minor bigint NOT NULL DEFAULT 0, median_gap_days double precision, stale boolean NOT NULL DEFAULT false,
      PRIMARY KEY (tenant_id, customer_id))`);
    this.addSql("CREATE INDEX customer_view_stale ON customer_view (tenant_id, customer_id) WHERE stale");
    this.addSql("CREATE INDEX customer_view_last ON customer_view (tenant_id, last_at)");
    this.addSql(`CREATE TABLE visit (
      tenant_id uuid NOT NULL, customer_id uuid NOT NULL, purchase_id uuid NOT NULL, at timestamptz NOT NULL, total_minor bigint NOT NULL, item_ids uuid[] NOT NULL,
      PRIMARY KEY (tenant_id, customer_id, purchase_id))`); // without its moment: a second import may move that, and even its month
    this.addSql(`CREATE TABLE habit (
      tenant_id uuid NOT NULL, customer_id uuid NOT NULL, item_id uuid NOT NULL, purchases int NOT NULL, last_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, customer_id, item_id))`);
    this.addSql(`CREATE TABLE taste (
      tenant_id uuid NOT NULL, customer_id uuid NOT NULL, learned_at timestamptz NOT NULL, items jsonb NOT NULL, PRIMARY KEY (tenant_id, customer_id))`);
    this.addSql(`CREATE TABLE promotion_view (
      tenant_id uuid NOT NULL, promotion_id uuid NOT NULL, version bigint NOT NULL, name text NOT NULL, starts_at timestamptz NOT NULL, ends_at timestamptz,
      active boolean NOT NULL, reduction jsonb NOT NULL, rule jsonb NOT NULL, PRIMARY KEY (tenant_id, promotion_id))`);
  }
}

/** What discount owns: decisions, the offers they made, what was pushed, quotes, and the models that decide. */
class Offers extends Migration {
  override up(): void {
    this.addSql(`CREATE TABLE push_counter (
      tenant_id uuid NOT NULL, customer_id uuid NOT NULL, seq bigint NOT NULL DEFAULT 0, decisions bigint NOT NULL DEFAULT 0,
      week text, week_depth double precision, week_propensities jsonb, PRIMARY KEY (tenant_id, customer_id))`);
    this.addSql(`CREATE TABLE decision (
      tenant_id uuid NOT NULL, id uuid NOT NULL, customer_id uuid NOT NULL, decided_at timestamptz NOT NULL, trigger text NOT NULL, reason text NOT NULL, record jsonb NOT NULL,
      PRIMARY KEY (tenant_id, id))`);
    this.addSql("CREATE INDEX decision_age ON decision (decided_at)");
    this.addSql(`CREATE TABLE offer (
      tenant_id uuid NOT NULL, id uuid NOT NULL, customer_id uuid NOT NULL, item_id uuid NOT NULL, decision_id uuid NOT NULL,
      state text NOT NULL CHECK (state IN ('LIVE', 'RESERVED', 'REDEEMED', 'EXPIRED', 'WITHDRAWN')),
      depth double precision NOT NULL CHECK (depth > 0 AND depth <= 100), list_minor bigint NOT NULL, price_minor bigint NOT NULL CHECK (price_minor <= list_minor),
      because jsonb NOT NULL, policy_version text NOT NULL, created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, ended_at timestamptz,
      PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, id) DEFERRABLE INITIALLY DEFERRED)`);
    this.addSql("CREATE UNIQUE INDEX offer_one_live ON offer (tenant_id, customer_id) WHERE state = 'LIVE'");
    this.addSql("CREATE INDEX offer_live_item ON offer (tenant_id, item_id) WHERE state = 'LIVE'");
    this.addSql("CREATE INDEX offer_live_expiry ON offer (tenant_id, expires_at) WHERE state = 'LIVE'");
    this.addSql("CREATE INDEX offer_of_customer ON offer (tenant_id, customer_id, created_at DESC, id DESC)");
    this.addSql("CREATE INDEX offer_of_decision ON offer (tenant_id, decision_id)");
    this.addSql(`CREATE TABLE offer_push (
      tenant_id uuid NOT NULL, customer_id uuid NOT NULL, seq bigint NOT NULL, offer_id uuid, at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, customer_id, seq), FOREIGN KEY (tenant_id, offer_id) REFERENCES offer (tenant_id, id))`);
    this.addSql(`CREATE TABLE quote (
      tenant_id uuid NOT NULL, id uuid NOT NULL, customer_id uuid NOT NULL, venue_id uuid, key text NOT NULL, body_hash text NOT NULL,
      lines jsonb NOT NULL, total_minor bigint NOT NULL, discount_minor bigint NOT NULL, created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, key))`);
    this.addSql(`CREATE TABLE response_model (
      tenant_id uuid NOT NULL, version text NOT NULL, fitted_at timestamptz NOT NULL, model jsonb NOT NULL, PRIMARY KEY (tenant_id, version))`);
  }
}

/** Only what is asked for by customer begins with the tenant: no plan, however stale the statistics, walks through a chain's offers to find one customer's. */
class OfferIndexes extends Migration {
  override up(): void {
    this.addSql("DROP INDEX offer_live_item, offer_live_expiry");
    this.addSql("CREATE INDEX offer_live_item ON offer (item_id, tenant_id) WHERE state = 'LIVE'");
    this.addSql("CREATE INDEX offer_live_expiry ON offer (expires_at, tenant_id) WHERE state = 'LIVE'");
  }
}

/** What every purchase updates stays on its page and leaves the indexes alone, as long as no indexed column changes and the page has room. */
class UpdatesInPlace extends Migration {
  override up(): void {
    this.addSql("DROP INDEX customer_view_last");
    for (const table of ["customer_view", "push_counter", "habit", "taste"]) this.addSql(`ALTER TABLE ${table} SET (fillfactor = 70)`);
  }
}

/**
 * What the response to offers is learned from: of each customer and week the depth that was drawn, with the probability of each, and what
 * each purchase earned. It is kept for ever: decisions that made no offer are forgotten after a month.
 */
class Assignments extends Migration {
  override up(): void {
    this.addSql(`CREATE TABLE assignment (
      tenant_id uuid NOT NULL, customer_id uuid NOT NULL, week text NOT NULL, decided_at timestamptz NOT NULL, item_id uuid NOT NULL,
      depth double precision NOT NULL, propensities jsonb NOT NULL, customer jsonb NOT NULL, item jsonb NOT NULL, model_version text NOT NULL, policy_version text NOT NULL,
      PRIMARY KEY (tenant_id, customer_id, week))`);
    this.addSql("CREATE INDEX assignment_age ON assignment (tenant_id, decided_at)");
    this.addSql(
      "ALTER TABLE visit ADD COLUMN quantities int[] NOT NULL DEFAULT '{}', ADD COLUMN paid_minor bigint[] NOT NULL DEFAULT '{}'",
    );
  }
}

/** A model's life: in service, retired by a better one, withdrawn by a person, or refused by the comparison. At most one a chain is in service; none means the prior. */
class ModelLife extends Migration {
  override up(): void {
    this
      .addSql(`ALTER TABLE response_model ADD COLUMN state text NOT NULL DEFAULT 'retired' CHECK (state IN ('serving', 'retired', 'withdrawn', 'refused')),
      ADD COLUMN promoted_at timestamptz, ADD COLUMN comparison jsonb, ADD COLUMN reasons text[] NOT NULL DEFAULT '{}'`);
    this.addSql("UPDATE response_model SET promoted_at = fitted_at");
    this.addSql(`UPDATE response_model m SET state = 'serving' WHERE version = (
      SELECT version FROM response_model WHERE tenant_id = m.tenant_id ORDER BY fitted_at DESC, version DESC LIMIT 1)`);
    this.addSql("CREATE UNIQUE INDEX response_model_serving ON response_model (tenant_id) WHERE state = 'serving'");
  }
}

/**
 * What the evidence of offers needs: a second kind of model with the games learned beside it, the depth that each customer remembers, the price of the
 * chain's budget, and how far a training is.
 */
class Evidence extends Migration {
  override up(): void {
    this.addSql(
      "ALTER TABLE response_model ADD COLUMN kind text NOT NULL DEFAULT 'response' CHECK (kind IN ('response', 'uplift')), ADD COLUMN games jsonb",
    );
    this.addSql("DROP INDEX response_model_serving");
    this.addSql("CREATE UNIQUE INDEX response_model_serving ON response_model (tenant_id, kind) WHERE state = 'serving'");
    this.addSql("ALTER TABLE push_counter ADD COLUMN remembered double precision NOT NULL DEFAULT 0");
    this.addSql(`CREATE TABLE budget (
      tenant_id uuid PRIMARY KEY, multiplier double precision NOT NULL CHECK (multiplier >= 0), spend_minor double precision NOT NULL, target_minor double precision NOT NULL, updated_at timestamptz NOT NULL)`);
    this.addSql(CREATE_TRAINING);
  }
}

/** When a model was withdrawn: what is sold afterwards is not its doing, but of whatever serves then. */
class Withdrawals extends Migration {
  override up(): void {
    this.addSql("ALTER TABLE response_model ADD COLUMN withdrawn_at timestamptz");
  }
}

export const DISCOUNT_MIGRATIONS: Record<string, MigrationClass> = {
  ...ITEM_VIEW_MIGRATION,
  "0010_customer_views": CustomerViews,
  "0011_offers": Offers,
  "0012_offer_indexes": OfferIndexes,
  "0013_updates_in_place": UpdatesInPlace,
  "0014_assignments": Assignments,
  "0015_model_life": ModelLife,
  "0016_evidence": Evidence,
  "0017_withdrawals": Withdrawals,
};
