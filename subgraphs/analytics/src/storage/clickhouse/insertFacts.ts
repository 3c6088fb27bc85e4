import type { Engine } from "./engine.js";
import { FACT_TABLES, type BatchRows } from "../../domain/clickhouseRows.js";

/**
 * Inserts a batch's rows, each table once by its token: a second time, whole or in part, adds nothing to the tables nor to the views behind
 * them. One block a table, or the token would not cover the same rows both times.
 */
export const insertFacts = async (
  { inserts }: Pick<Engine, "inserts">,
  database: string,
  rows: BatchRows,
  token: string,
): Promise<void> => {
  for (const table of FACT_TABLES) {
    const [first] = rows[table] ?? [];
    if (!first) continue;
    // every row of a table has the same columns: naming them once spares the engine a third of its work
    const columns = Object.keys(first) as [string, ...string[]];
    await inserts.insert({
      table: `${database}.${table}`,
      columns,
      values: rows[table]!.map((row) => columns.map((column) => row[column])),
      format: "JSONCompactEachRow",
      clickhouse_settings: {
        insert_deduplication_token: `${token}.${table}`,
        deduplicate_blocks_in_dependent_materialized_views: 1,
        insert_deduplicate: 1,
        async_insert: 0,
        input_format_parallel_parsing: 0,
        max_insert_threads: "1",
        max_insert_block_size: "1048576",
        max_partitions_per_insert_block: "10000",
        date_time_input_format: "best_effort",
      },
    });
  }
};
