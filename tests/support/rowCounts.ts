import type { Installation } from "@kava/harness/installation";

/** Rows of every table that a request could write to: those of the customer subgraph, which records purchases, and its outbox; partitions counted as their table. */
export const rowCounts = async (kava: Installation): Promise<Record<string, number>> => {
  const tables = await kava.sql<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'customer' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT IN ('inbox', 'migration') ORDER BY 1`,
  );
  const [row] = await kava.sql<Record<string, string>>(
    `SELECT ${tables.map(({ name }) => `(SELECT count(*) FROM ${name}) AS "${name}"`).join(", ")}`,
  );
  return Object.fromEntries(Object.entries(row!).map(([name, count]) => [name, Number(count)]));
};
