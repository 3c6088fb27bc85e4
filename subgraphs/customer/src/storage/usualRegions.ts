import type { Sql } from "@kava/platform/database/sql";
import type { UsualRegion } from "../domain/segmentation.js";

/*
 * The core points are numbers in the order of the processor's bytes (little-endian on every machine that Node.js runs on), up to 20,000 rows: five megabytes at the
 * most. As JSON they would be twice as much, and slow to read.
 */

type Header = Omit<UsualRegion, "cores"> & { rows: number; columns: number };

/** Keeps with a segmentation who is usual in it. */
export const writeUsualRegion = async (
  sql: Sql,
  tenantId: string,
  generation: number,
  { cores: { rows, columns, values }, ...rest }: UsualRegion,
): Promise<void> => {
  const header: Header = { ...rest, rows, columns };
  await sql.query("UPDATE segmentation_history SET usual = $3, cores = $4 WHERE tenant_id = $1 AND generation = $2", [
    tenantId,
    generation,
    JSON.stringify(header),
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  ]);
};

/** Who is usual in a segmentation; null for one that was trained before this was kept. */
export const readUsualRegion = async (sql: Sql, tenantId: string, generation: number): Promise<UsualRegion | null> => {
  const { rows: found } = await sql.query<{ usual: Header; cores: Buffer }>(
    "SELECT usual, cores FROM segmentation_history WHERE tenant_id = $1 AND generation = $2 AND usual IS NOT NULL",
    [tenantId, generation],
  );
  const row = found[0];
  if (!row) return null;
  const { rows, columns, ...rest } = row.usual;
  const values = new Float64Array(rows * columns);
  new Uint8Array(values.buffer).set(row.cores); // what comes from the connection may begin at any byte
  return { ...rest, cores: { rows, columns, values } };
};
