import { CREATE_TRAINING } from "@kava/platform/models/trainings";
import { Migration } from "@mikro-orm/migrations";

/** What is kept of a model's life, beside the model itself. */
const LIFE = [
  "state text NOT NULL DEFAULT 'retired' CHECK (state IN ('serving', 'retired', 'withdrawn', 'refused'))",
  "promoted_at timestamptz",
  "comparison jsonb",
  "reasons text[] NOT NULL DEFAULT '{}'",
  "learned jsonb",
  "shift jsonb",
  "shift_at timestamptz",
];

/**
 * The lives of models: which were in service, which were refused and why, what they learned from. What serves stays where it was, in `segmentation` and
 * `lifetime_model`. With a segmentation stands who is usual (`usual` says how to read the core points in `cores`); and how far each training is.
 */
export class ModelLife extends Migration {
  override up(): void {
    const added = [...LIFE, "usual jsonb", "cores bytea"].map((column) => `ADD COLUMN ${column}`);
    this.addSql(`ALTER TABLE segmentation_history ${added.join(", ")}`);
    this
      .addSql(`UPDATE segmentation_history h SET promoted_at = h.fitted_at, state = CASE WHEN h.generation = s.generation THEN 'serving' ELSE 'retired' END
      FROM segmentation s WHERE s.tenant_id = h.tenant_id`);
    this.addSql("CREATE UNIQUE INDEX segmentation_history_serving ON segmentation_history (tenant_id) WHERE state = 'serving'");
    this.addSql(`CREATE TABLE lifetime_history (
      tenant_id uuid NOT NULL, generation int NOT NULL, model jsonb NOT NULL, fitted_at timestamptz NOT NULL, ${LIFE.join(", ")}, PRIMARY KEY (tenant_id, generation))`);
    this.addSql(`INSERT INTO lifetime_history (tenant_id, generation, model, fitted_at, state, promoted_at)
      SELECT tenant_id, 1, model, fitted_at, 'serving', fitted_at FROM lifetime_model`);
    this.addSql("CREATE UNIQUE INDEX lifetime_history_serving ON lifetime_history (tenant_id) WHERE state = 'serving'");
    this.addSql(CREATE_TRAINING);
  }
}
