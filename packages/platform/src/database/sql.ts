import { CompiledQuery, type Transaction as KyselyTransaction } from "kysely";
import type { EntityManager } from "@mikro-orm/postgresql";
import pg, { type Pool, type PoolClient } from "pg";

/** Anything that runs SQL with `$1` parameters: a pool, a client in a transaction, or a MikroORM transaction. */
export interface Sql {
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ rows: Row[]; rowCount: number }>;
}

/** A transaction on a connection of its own; `client` is there for COPY. */
export interface Transaction extends Sql {
  readonly client: PoolClient;
}

/**
 * MikroORM gives its pool parsers of its own (moments as text); statements written here get JavaScript's: timestamptz as Date, bigint as number
 * (every bigint in Kava is a count, a sequence or minor units, and fits exactly).
 */
const parsers = new pg.TypeOverrides();
parsers.setTypeParser(pg.types.builtins.INT8, Number);

export const sqlOfPool = (connections: Pool | PoolClient): Sql => ({
  query: async <Row extends object>(text: string, values: readonly unknown[] = []) => {
    const name = values.length > 0 ? statementName(text) : undefined;
    const result = await connections.query<Row>({ text, values: [...values], types: parsers, ...(name ? { name } : {}) });
    return { rows: result.rows, rowCount: result.rowCount ?? 0 };
  },
});

const MOST_PREPARED = 500;
const statementNames = new Map<string, string>();

/**
 * Statements with parameters are prepared once a connection: parsing and planning cost PostgreSQL more than most of them cost to run. Their
 * texts are constants of the program; should one be composed in ever new ways, the later ones are just not prepared.
 */
const statementName = (text: string): string | undefined => {
  const known = statementNames.get(text);
  if (known || statementNames.size >= MOST_PREPARED) return known;
  const name = `kava_${statementNames.size}`;
  statementNames.set(text, name);
  return name;
};

export const sqlOfClient = (client: PoolClient): Transaction => ({ client, ...sqlOfPool(client) });

/**
 * The same transaction that a MikroORM entity manager is in, for the statements that are plainer as SQL (the outbox above all).
 * Flush the manager first where order matters. Moments come back as text here, as MikroORM reads them. Throws outside `em.transactional`.
 */
export const sqlOfEntityManager = (em: EntityManager): Sql => {
  const transaction = em.getTransactionContext<KyselyTransaction<unknown>>();
  if (!transaction) throw new Error("No transaction is open: call this inside em.transactional()");
  return {
    query: async <Row extends object>(text: string, values: readonly unknown[] = []) => {
      const result = await transaction.executeQuery<Row>(CompiledQuery.raw(text, [...values]));
      return { rows: result.rows, rowCount: Number(result.numAffectedRows ?? result.rows.length) };
    },
  };
};
