import pg from "pg";
import { inTransaction, type Database } from "./database.js";
import { sqlOfPool } from "./sql.js";

/**
 * A service's tables for a command beside it: one connection, and no statement lasts longer than half a minute. The schema is taken as it is: to migrate it
 * is the service's own affair. `write`: without it nothing can be written.
 */
export const openForCommand = async (
  url: string,
  schema: string,
  { write = false } = {},
): Promise<Pick<Database, "sql" | "transaction" | "close">> => {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    options: `-c search_path=${schema},public -c default_transaction_read_only=${write ? "off" : "on"} -c statement_timeout=30s`,
    application_name: "kava-command",
  });
  await pool.query("SELECT 1").catch(async (error: Error) => {
    await pool.end();
    throw new Error(`The database does not answer: ${error.message}`, { cause: error });
  });
  return { sql: sqlOfPool(pool), transaction: (work) => inTransaction(pool, work, 3), close: () => pool.end() };
};
