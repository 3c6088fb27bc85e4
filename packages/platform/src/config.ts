import { readFileSync } from "node:fs";
import { z } from "zod";

/** Thrown when the environment is wrong; the message names each variable and what it should be. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/** Reads variables through a schema, once. An empty value counts as absent, as `docker compose` passes it. Throws ConfigurationError. */
export const readEnvironment = <S extends z.ZodObject>(schema: S, environment: NodeJS.ProcessEnv = process.env): z.infer<S> => {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => name in schema.shape && value !== undefined && value !== ""),
  );
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const wrong = read.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`).join("\n");
  throw new ConfigurationError(`The environment does not fit. Set these variables (see .env.example):\n${wrong}`);
};

const SHORTEST_SECRET = 16;

/** The variables that every service reads. */
export const PlatformEnvironment = z.object({
  HOST: z.string().default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  DATABASE_URL: z.string().min(1, "the PostgreSQL server, postgres://user:password@host:port/database"),
  DATABASE_POOL: z.coerce.number().int().min(2).max(50).default(8),
  BUS_POOL: z.coerce.number().int().min(2).max(50).default(5),
  REDIS_URL: z.string().optional(),
  INTERNAL_KEY: z.string().min(SHORTEST_SECRET).optional(),
  INTERNAL_KEY_FILE: z.string().optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal"]).default("info"),
});

export interface PlatformConfig {
  host: string;
  /** 0 asks the system for a free port. */
  port: number;
  databaseUrl: string;
  /** Most connections of the service's pool, and of its bus (on PostgreSQL). */
  databasePool: number;
  busPool: number;
  /** Queues and cache are on Redis when set, else on PostgreSQL and in memory. */
  redisUrl: string | undefined;
  /** Shared by the gateway and the subgraphs: who does not know it is not answered. */
  internalKey: string;
  logLevel: string;
}

/**
 * A secret given as a value or as a file that holds it (Docker and Kubernetes secrets), without space around it. Throws ConfigurationError; also when it is
 * shorter than 16 characters, as that of an empty or broken-off file is: whoever guessed it, or sent none, would be believed.
 */
export const secretOf = (name: string, value: string | undefined, file: string | undefined): string => {
  if (value) return longEnough(value.trim(), `${name} is shorter than ${SHORTEST_SECRET} characters: set it to a long random text`);
  if (!file) throw new ConfigurationError(`Set ${name} or ${name}_FILE (see .env.example)`);
  return longEnough(
    contentOf(name, file),
    `${name}_FILE names ${file}, which holds fewer than ${SHORTEST_SECRET} characters: write a long random text to it (of a state folder: delete it, and \`npm start\` makes another)`,
  );
};

const longEnough = (secret: string, otherwise: string): string => {
  if (secret.length < SHORTEST_SECRET) throw new ConfigurationError(otherwise);
  return secret;
};

const contentOf = (name: string, file: string): string => {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw new ConfigurationError(`${name}_FILE names ${file}, which cannot be read`, { cause });
  }
};

export const platformConfig = (environment: NodeJS.ProcessEnv = process.env): PlatformConfig => {
  const read = readEnvironment(PlatformEnvironment, environment);
  return {
    host: read.HOST,
    port: read.PORT,
    databaseUrl: read.DATABASE_URL,
    databasePool: read.DATABASE_POOL,
    busPool: read.BUS_POOL,
    redisUrl: read.REDIS_URL,
    internalKey: secretOf("INTERNAL_KEY", read.INTERNAL_KEY, read.INTERNAL_KEY_FILE),
    logLevel: read.LOG_LEVEL,
  };
};
