import { Migration } from "@mikro-orm/migrations";

/** The parameters that lifetime values are computed with, one row a tenant. */
export class Lifetimes extends Migration {
  override up(): void {
    this.addSql("CREATE TABLE lifetime_model (tenant_id uuid PRIMARY KEY, model jsonb NOT NULL, fitted_at timestamptz NOT NULL)");
  }
}
