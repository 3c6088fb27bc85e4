import pg from "pg";
import { sqlOfPool, type Sql } from "./sql.js";

/** A look at a service's tables for a command beside it: one connection, nothing can be written, no statement lasts longer than half a minute. */
export const openReadOnly = async (url: string, schema: string): Promise<{ sql: Sql; close(): Promise<void> }> => {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    options: `-c search_path=${schema},public -c default_transaction_read_only=on -c statement_timeout=30s`,
    application_name: "kava-command",
  });
  await pool.query("SELECT 1").catch(async (error: Error) => {
    await pool.end();
    throw new Error(`The database does not answer: ${error.message}`, { cause: error });
  });
  return { sql: sqlOfPool(pool), close: () => pool.end() };
};
