import type { Database } from "@kava/platform/database/database";
import type { Sql } from "@kava/platform/database/sql";
import { LRUCache } from "lru-cache";
import type { SizedSegment, Segments } from "../domain/customer.js";
import { segmentationOf, type Segmentation, type SegmentModel } from "../domain/segmentation.js";

/** A read-through cache; the platform's fits. */
export interface DirectoryCache {
  getOrSet(options: {
    key: string;
    ttl: string;
    grace: string;
    timeout: number;
    factory: () => Promise<SegmentEntry[]>;
  }): Promise<SegmentEntry[]>;
  delete(options: { key: string }): Promise<boolean>;
}
interface SegmentEntry extends SizedSegment {
  newcomers: boolean;
  retired: boolean;
}

const MODELS_KEPT_IN_MEMORY = 200;

/** Segments, and the model that assigns customers to them. */
export class SegmentationStore implements Segments {
  readonly #models = new LRUCache<string, Segmentation>({ max: MODELS_KEPT_IN_MEMORY });

  constructor(
    private readonly database: Database,
    private readonly cache: DirectoryCache,
  ) {}

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
    const standing = (await this.#directory(tenantId)).filter((segment) => !segment.retired);
    return standing
      .filter((segment) => segment.size > 0 || !segment.newcomers || standing.length === 1)
      .sort((a, b) => b.size - a.size || a.name.localeCompare(b.name));
  }

  async byIds(tenantId: string, ids: readonly string[]): Promise<SizedSegment[]> {
    const known = await this.#directory(tenantId);
    if (ids.every((id) => known.some((segment) => segment.id === id))) return known.filter((segment) => ids.includes(segment.id));
    await this.forget(tenantId); // trained elsewhere since
    return (await this.#directory(tenantId)).filter((segment) => ids.includes(segment.id));
  }

  /** After a training: segments and their sizes are others. */
  async forget(tenantId: string): Promise<void> {
    await this.cache.delete({ key: directoryKey(tenantId) });
  }

  /** Every segment with its size, retired ones included, at most a minute old. They are few, and counting their members takes a scan. */
  #directory(tenantId: string): Promise<SegmentEntry[]> {
    return this.cache.getOrSet({
      key: directoryKey(tenantId),
      ttl: "30s",
      grace: "30s",
      timeout: 0,
      factory: () => readDirectory(this.database.sql, tenantId),
    });
  }
}

const directoryKey = (tenantId: string): string => `${tenantId}.segments`;

const readDirectory = async (sql: Sql, tenantId: string): Promise<SegmentEntry[]> =>
  (
    await sql.query<SegmentEntry>(
      `SELECT s.id, s.name, s.description, s.newcomers, s.retired_at IS NOT NULL AS retired, coalesce(m.size, 0) AS size
   FROM segment s LEFT JOIN (SELECT segment_id, count(*) AS size FROM customer WHERE tenant_id = $1 GROUP BY segment_id) m ON m.segment_id = s.id
   WHERE s.tenant_id = $1`,
      [tenantId],
    )
  ).rows;

const generationOf = async (sql: Sql, tenantId: string): Promise<number> => {
  const { rows } = await sql.query<{ generation: number }>("SELECT generation FROM segmentation WHERE tenant_id = $1", [tenantId]);
  if (!rows[0]) throw new Error(`The tenant ${tenantId} has no segmentation: configure it first (POST /internal/tenants)`);
  return rows[0].generation;
};

const readSegmentation = async (sql: Sql, tenantId: string): Promise<Segmentation> => {
  const { rows } = await sql.query<{ generation: number; model: SegmentModel | null }>(
    "SELECT generation, model FROM segmentation WHERE tenant_id = $1",
    [tenantId],
  );
  const { generation, model } = rows[0]!;
  return segmentationOf(tenantId, generation, model?.formatVersion === 1 ? model : null); // what this code cannot read is as if there was none
};
