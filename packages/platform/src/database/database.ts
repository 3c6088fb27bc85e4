import { MikroORM, type EntityManager, type EntitySchema } from "@mikro-orm/postgresql";
import { Migrator, type Migration } from "@mikro-orm/migrations";
import pg, { type Pool } from "pg";
import type { Logger } from "../telemetry/logger.js";
import { PLATFORM_MIGRATIONS } from "./migrations.js";
import { sqlOfClient, sqlOfPool, type Sql, type Transaction } from "./sql.js";

/** A migration is a class of MikroORM; its name orders it and is recorded. */
export type MigrationClass = new (...arguments_: ConstructorParameters<typeof Migration>) => Migration;

export interface DatabaseOptions {
  url: string;
  /** The PostgreSQL schema that is this service's own; nobody else reads it. */
  schema: string;
  entities: EntitySchema[];
  migrations: Record<string, MigrationClass>;
  /** Most connections at a time. */
  pool: number;
  logger: Logger;
}

export interface Database {
  readonly orm: MikroORM;
  readonly pool: Pool;
  readonly schema: string;
  /** A fresh unit of work: one a request, one a job. */
  em(): EntityManager;
  /** Statements outside a transaction. */
  readonly sql: Sql;
  /** Runs the work in one transaction; an error rolls back and is thrown on. Serialisation failures and deadlocks are tried again, three times in all. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens the pool and brings the schema up to date, one service at a time (an advisory lock), so that several instances may start together. */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  await createSchema(options.url, options.schema);
  const migrations = { ...PLATFORM_MIGRATIONS, ...options.migrations };
  const orm = await MikroORM.init({
    clientUrl: options.url,
    schema: options.schema,
    entities: options.entities,
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    logger: (message) => options.logger.debug(message),
    pool: { min: 0, max: options.pool },
    driverOptions: { options: `-c search_path=${options.schema},public`, application_name: `kava-${options.schema}`, keepAlive: true },
    migrations: {
      tableName: "migration",
      snapshot: false,
      transactional: true,
      allOrNothing: true,
      migrationsList: Object.entries(migrations).map(([name, migration]) => ({ name, class: migration })),
    },
  });
  const pool = await orm.em.getConnection().getNativeClient();
  await migrate(orm, options);
  return {
    orm,
    pool,
    schema: options.schema,
    em: () => orm.em.fork(),
    sql: sqlOfPool(pool),
    transaction: (work) => inTransaction(pool, work, 3),
    close: () => orm.close(true),
  };
};

const createSchema = async (url: string, schema: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock(hashtext('kava.schema'))");
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`);
  } finally {
    await client.end();
  }
};

const migrate = async (orm: MikroORM, { url, schema, logger }: DatabaseOptions): Promise<void> => {
  const lock = new pg.Client({ connectionString: url });
  await lock.connect();
  try {
    await lock.query("SELECT pg_advisory_lock(hashtext($1))", [`kava.migrate.${schema}`]);
    const done = await orm.migrator.up();
    if (done.length > 0) logger.info({ migrations: done.map((each) => each.name) }, "schema migrated");
  } finally {
    await lock.end();
  }
};

const RETRIED = new Set(["40001", "40P01"]);

/** Runs the work in one transaction on a connection of the pool; `attempts` in all when it was a serialisation failure or a deadlock. */
export const inTransaction = async <T>(pool: Pool, work: (tx: Transaction) => Promise<T>, attempts: number): Promise<T> => {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    const result = await work(sqlOfClient(client));
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((failure: Error) => (broken = failure));
    if (attempts > 1 && RETRIED.has((error as { code?: string }).code ?? "")) return await inTransaction(pool, work, attempts - 1);
    throw error;
  } finally {
    client.release(broken);
  }
};
