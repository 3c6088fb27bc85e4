import { resolve } from "node:path";
import { readEnvironment } from "@kava/platform/config";
import { z } from "zod";

/** The variables that `npm start` and the project's commands read. */
export const SupervisorEnvironment = z.object({
  HOST: z.string().default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  KAVA_HOME: z.string().default(".kava"),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal"]).default("info"),
  NO_COLOR: z.string().optional(),
});

export interface SupervisorConfig {
  /** Where the gateway listens. */
  host: string;
  port: number;
  /** Absolute path of the state folder. */
  home: string;
  logLevel: z.infer<typeof SupervisorEnvironment>["LOG_LEVEL"];
  colour: boolean;
}

/** Throws ConfigurationError. */
export const supervisorConfig = (environment: NodeJS.ProcessEnv = process.env): SupervisorConfig => {
  const read = readEnvironment(SupervisorEnvironment, environment);
  return {
    host: read.HOST,
    port: read.PORT,
    home: resolve(read.KAVA_HOME),
    logLevel: read.LOG_LEVEL,
    colour: process.stdout.isTTY && read.NO_COLOR === undefined,
  };
};

/** What a service inherits of our environment: all but what would point it, or PostgreSQL's client, at other servers than the embedded ones. */
export const inheritedEnvironment = (environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !NOT_INHERITED.test(name)));

const NOT_INHERITED =
  /^(npm_|NODE_CHANNEL|PG[A-Z]+$)|^(DATABASE_URL|REDIS_URL|CLICKHOUSE_URL|KAFKA_BROKERS|JWKS_URL|PORT|HOST|INTERNAL_KEY|INTERNAL_KEY_FILE|(CUSTOMER|MENU|ANALYTICS|DISCOUNT)_URL)$/;
