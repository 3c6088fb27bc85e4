import { loadUplift } from "@kava/algorithms/policy/upliftModel";
import { loadModel } from "@kava/algorithms/response/loadModel";
import type { Sql } from "@kava/platform/database/sql";
import type { Logger } from "@kava/platform/telemetry/logger";
import { LRUCache } from "lru-cache";
import { PRIOR_VERSION, priorModel } from "../domain/fitModel.js";
import type { Games } from "../domain/games.js";
import { served, type ServedModel, type ServedUplift } from "../domain/servedModel.js";
import { multiplierOf } from "./budget.js";

const FRESH_MS = 30_000;

/** What decides in a chain at the moment: its models, and the price of its budget. */
export interface InService {
  served: ServedModel;
  /** λ ≥ 0. */
  multiplier: number;
}

interface StoredModelRow {
  kind: "response" | "uplift";
  version: string;
  model: object;
  games: Games | null;
}

/** Models of the chains: kept in a table, served from memory. Another instance's new model is seen half a minute later. */
export class Models {
  readonly #prior = priorModel();
  readonly #current = new LRUCache<string, InService>({ max: 1_000, ttl: FRESH_MS });

  constructor(private readonly logger: Logger) {}

  /** The models in service if this code can serve them, else the prior. `sql`: the caller's transaction, so that no second connection is waited for. */
  async current(sql: Sql, tenantId: string): Promise<InService> {
    const cached = this.#current.get(tenantId);
    if (cached) return cached;
    const { rows } = await sql.query<StoredModelRow>(
      "SELECT kind, version, model, games FROM response_model WHERE tenant_id = $1 AND state = 'serving'",
      [tenantId],
    );
    const response = this.#response(rows) ?? this.#prior;
    const current = { served: served(response.version, response.model, this.#uplift(rows)), multiplier: await multiplierOf(sql, tenantId) };
    this.#current.set(tenantId, current);
    return current;
  }

  /** The models of these versions, to replay a decision; null when one is gone or this code cannot serve it. */
  async version(sql: Sql, tenantId: string, response: string, uplift: string | null): Promise<ServedModel | null> {
    const { rows } = await sql.query<StoredModelRow>(
      "SELECT kind, version, model, games FROM response_model WHERE tenant_id = $1 AND version = ANY($2)",
      [tenantId, [response, uplift]],
    );
    const base = response === PRIOR_VERSION ? this.#prior : this.#response(rows);
    const found = this.#uplift(rows);
    return base && (found !== null || uplift === null) ? served(base.version, base.model, found) : null;
  }

  /** Forgets what is in service: it is read again. */
  forget(tenantId: string): void {
    this.#current.delete(tenantId);
  }

  #response(rows: readonly StoredModelRow[]): Pick<ServedModel, "version" | "model"> | null {
    const row = rows.find((each) => each.kind === "response");
    return row ? this.#read(row, () => ({ version: row.version, model: loadModel(row.model) })) : null;
  }

  #uplift(rows: readonly StoredModelRow[]): ServedUplift | null {
    const row = rows.find((each) => each.kind === "uplift");
    const games = row?.games;
    return row && games ? this.#read(row, () => ({ version: row.version, model: loadUplift(row.model), games })) : null;
  }

  #read<Model>({ kind, version }: StoredModelRow, read: () => Model): Model | null {
    try {
      return read();
    } catch (error) {
      this.logger.warn({ err: error, kind, version }, "a stored model does not fit this service: the prior serves until the next fit");
      return null;
    }
  }
}
