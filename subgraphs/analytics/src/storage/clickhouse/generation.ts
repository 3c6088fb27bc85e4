import { FACT_TABLES, rowsOf } from "../../domain/clickhouseRows.js";
import type { Generation, Generations } from "../generations.js";
import type { Ledger } from "../ledger.js";
import { rowsOfQuery, type Engine } from "./engine.js";
import { insertFacts } from "./insertFacts.js";
import { TABLES_VERSION, VIEW_TABLES, tableStatements } from "./tables.js";

/** Makes new tables, empty, that nobody reads yet. */
export const beginGeneration = async (engine: Engine, generations: Generations): Promise<Generation> => {
  const generation = await generations.begin(TABLES_VERSION);
  for (const query of tableStatements(generation.database)) await engine.inserts.command({ query });
  return generation;
};

/** Fills a generation's tables with all that was sent, in the order of the ledger, many small batches together. */
export const replayInto = async (engine: Engine, ledger: Ledger, generation: Generation): Promise<void> => {
  for (let group = await ledger.sentAfter(0); group; group = await ledger.sentAfter(group.to)) {
    const entries = await ledger.entriesOf(group.from, group.to);
    await insertFacts(engine, generation.database, rowsOf(entries), `replay.${group.from}.${group.to}`);
  }
};

/** Removes the tables of generations that are no longer read, and of those that were never finished. */
export const dropLeftovers = async (engine: Engine, generations: Generations): Promise<void> => {
  for (const generation of await generations.leftovers()) {
    await engine.inserts.command({ query: `DROP DATABASE IF EXISTS ${generation.database}` });
    await generations.forget(generation);
  }
};

/** How many facts a generation holds; −1 where tables are missing, because the folder was emptied or it is another server. */
export const factsIn = async (engine: Engine, { database }: Generation): Promise<number> => {
  const [tables] = await rowsOfQuery<{ tables: number }>(
    engine.inserts,
    "SELECT count() AS tables FROM system.tables WHERE database = {database:String}",
    { database },
  );
  if ((tables?.tables ?? 0) < FACT_TABLES.length + VIEW_TABLES.length) return -1;
  const [held] = await rowsOfQuery<{ facts: number }>(engine.inserts, `SELECT count() AS facts FROM ${database}.event`);
  return held?.facts ?? 0;
};
