import { FACT_TABLES } from "../domain/clickhouseRows.js";
import type { ClickHouseClient } from "@clickhouse/client";
import { createClient } from "@clickhouse/client";
import { createChdbConnection } from "chdb/connection";
import type { Sql } from "@kava/platform/database/sql";
import { VIEW_TABLES } from "../storage/clickhouse/tables.js";

export interface Total {
  rows: number;
  hash: string;
}

/** Every table and view of the active generation: how many rows it has once merged, and a sum over all their values. */
export const totalsOf = async (sql: Sql, folder: string): Promise<Record<string, Total>> => {
  const client: ClickHouseClient = createClient({ connection: createChdbConnection({ path: folder }) as never });
  try {
    const database = (await sql.query<{ database: string }>("SELECT database FROM generation WHERE state = 'active'")).rows[0]!.database;
    const totals: Record<string, Total> = {};
    for (const table of [...FACT_TABLES, ...VIEW_TABLES]) {
      const merged = !VIEW_TABLES.includes(table) || table === "purchase_line" ? "" : "FINAL";
      const result = await client.query({
        query: `SELECT toUInt32(count()) AS rows, toString(sum(cityHash64(*))) AS hash FROM ${database}.${table} ${merged}`,
        format: "JSONEachRow",
      });
      totals[table] = (await result.json<Total>())[0]!;
    }
    return totals;
  } finally {
    await client.close();
  }
};
