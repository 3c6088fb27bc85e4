import type { Sql } from "@kava/platform/database/sql";
import type { Logger } from "@kava/platform/telemetry/logger";
import { LRUCache } from "lru-cache";
import type { ServedModel } from "../domain/decideOffer.js";
import { PRIOR_VERSION, priorModel, serveModel } from "../domain/fitModel.js";

const FRESH_MS = 30_000;

/** Response models of the chains: kept in a table, served from memory. Another instance's new model is seen half a minute later. */
export class Models {
  readonly #prior = priorModel();
  readonly #current = new LRUCache<string, ServedModel>({ max: 1_000, ttl: FRESH_MS });

  constructor(private readonly logger: Logger) {}

  /** The model in service if this code can serve it, else the prior. `sql`: the caller's transaction, so that no second connection is waited for. */
  async current(sql: Sql, tenantId: string): Promise<ServedModel> {
    const cached = this.#current.get(tenantId);
    if (cached) return cached;
    const { rows } = await sql.query<{ version: string; model: object }>(
      "SELECT version, model FROM response_model WHERE tenant_id = $1 AND state = 'serving'",
      [tenantId],
    );
    const served = this.#serve(rows[0]) ?? this.#prior;
    this.#current.set(tenantId, served);
    return served;
  }

  /** The model of a version, to replay a decision; null when it is gone or this code cannot serve it. */
  async version(sql: Sql, tenantId: string, version: string): Promise<ServedModel | null> {
    if (version === PRIOR_VERSION) return this.#prior;
    const { rows } = await sql.query<{ version: string; model: object }>(
      "SELECT version, model FROM response_model WHERE tenant_id = $1 AND version = $2",
      [tenantId, version],
    );
    return this.#serve(rows[0]);
  }

  /** Forgets what is in service: it is read again. */
  forget(tenantId: string): void {
    this.#current.delete(tenantId);
  }

  #serve(row: { version: string; model: object } | undefined): ServedModel | null {
    if (!row) return null;
    try {
      return serveModel(row.version, row.model);
    } catch (error) {
      this.logger.warn(
        { err: error, version: row.version },
        "a stored response model does not fit this service: the prior serves until the next fit",
      );
      return null;
    }
  }
}
