import type { Database } from "@kava/platform/database/database";
import type { Sql } from "@kava/platform/database/sql";
import { LRUCache } from "lru-cache";
import type { SizedSegment, Segments } from "../domain/customer.js";
import { segmentationOf, type Segmentation, type SegmentModel } from "../domain/segmentation.js";

/** A read-through cache of counts; the platform's fits. */
export interface CountCache {
  getOrSet(options: { key: string; ttl: string; grace: string; timeout: number; factory: () => Promise<Record<string, number>> }): Promise<Record<string, number>>;
  delete(options: { key: string }): Promise<boolean>;
}

interface SegmentRow { id: string; name: string; description: string }

const MODELS_KEPT_IN_MEMORY = 200;

/** Segments, and the model that assigns customers to them. */
export class SegmentationStore implements Segments {
  readonly #models = new LRUCache<string, Segmentation>({ max: MODELS_KEPT_IN_MEMORY });

  constructor(private readonly database: Database, private readonly cache: CountCache) {}

  /**
   * The segmentation in service; the model is read again only when its generation is another. `generation` spares the question to who has
   * just read it. Throws when the tenant was never configured.
   */
  async current(tenantId: string, sql: Sql = this.database.sql, generation?: number): Promise<Segmentation> {
    const known = this.#models.get(tenantId);
    const wanted = generation ?? (await generationOf(sql, tenantId));
    if (known?.generation === wanted) return known;
    const read = await readSegmentation(sql, tenantId);
    this.#models.set(tenantId, read);
    return read;
  }

  async standing(tenantId: string): Promise<SizedSegment[]> {
    const { rows } = await this.database.sql.query<SegmentRow & { newcomers: boolean }>("SELECT id, name, description, newcomers FROM segment WHERE tenant_id = $1 AND retired_at IS NULL", [tenantId]);
    const isEmptyRoom = new Set(rows.filter((row) => row.newcomers && rows.length > 1).map((row) => row.id));
    return (await this.#withSizes(tenantId, rows)).filter((segment) => segment.size > 0 || !isEmptyRoom.has(segment.id)).sort((a, b) => b.size - a.size || a.name.localeCompare(b.name));
  }

  async byIds(tenantId: string, ids: readonly string[]): Promise<SizedSegment[]> {
    const { rows } = await this.database.sql.query<SegmentRow>(
      "SELECT id, name, description FROM segment WHERE tenant_id = $1 AND id = ANY($2::uuid[])", [tenantId, ids]);
    return this.#withSizes(tenantId, rows);
  }

  /** After a training: the counts are others. */
  async forgetSizes(tenantId: string): Promise<void> {
    await this.cache.delete({ key: sizesKey(tenantId) });
  }

  async #withSizes(tenantId: string, segments: SegmentRow[]): Promise<SizedSegment[]> {
    const sizes = await this.cache.getOrSet({
      key: sizesKey(tenantId), ttl: "30s", grace: "10m", timeout: 0,
      factory: async () => {
        const { rows } = await this.database.sql.query<{ id: string; size: number }>("SELECT segment_id AS id, count(*) AS size FROM customer WHERE tenant_id = $1 GROUP BY segment_id", [tenantId]);
        return Object.fromEntries(rows.map((row) => [row.id, row.size]));
      },
    });
    return segments.map(({ id, name, description }) => ({ id, name, description, size: sizes[id] ?? 0 }));
  }
}

const sizesKey = (tenantId: string): string => `${tenantId}.segment-sizes`;

const generationOf = async (sql: Sql, tenantId: string): Promise<number> => {
  const { rows } = await sql.query<{ generation: number }>("SELECT generation FROM segmentation WHERE tenant_id = $1", [tenantId]);
  if (!rows[0]) throw new Error(`The tenant ${tenantId} has no segmentation: configure it first (POST /internal/tenants)`);
  return rows[0].generation;
};

const readSegmentation = async (sql: Sql, tenantId: string): Promise<Segmentation> => {
  const { rows } = await sql.query<{ generation: number; model: SegmentModel | null }>("SELECT generation, model FROM segmentation WHERE tenant_id = $1", [tenantId]);
  return segmentationOf(tenantId, rows[0]!.generation, rows[0]!.model);
};
