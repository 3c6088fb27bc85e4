import { resolve } from "node:path";
import { z } from "zod";
import { ConfigurationError, readEnvironment } from "../config.js";
import { readInstance } from "../instance.js";

/** The variables by which a command finds the bus of an installation. */
export const CommandEnvironment = z.object({
  DATABASE_URL: z.string().optional(),
  REDIS_URL: z.string().optional(),
  KAVA_HOME: z.string().default(".kava"),
});

/** The installation's PostgreSQL: as the environment says, else as the instance that runs on KAVA_HOME says. Throws ConfigurationError. */
export const databaseAddress = (environment: NodeJS.ProcessEnv = process.env): string => {
  const { databaseUrl } = busAddress(environment);
  if (databaseUrl) return databaseUrl;
  throw new ConfigurationError("DATABASE_URL is not set: this command reads the database, give it as the services have it");
};

/** Where the bus of the installation is: as the environment says, else as the instance that runs on KAVA_HOME says. Throws ConfigurationError. */
export const busAddress = (environment: NodeJS.ProcessEnv = process.env): { databaseUrl: string; redisUrl: string | undefined } => {
  const read = readEnvironment(CommandEnvironment, environment);
  if (read.DATABASE_URL ?? read.REDIS_URL) return { databaseUrl: read.DATABASE_URL ?? "", redisUrl: read.REDIS_URL };
  const home = resolve(read.KAVA_HOME);
  const instance = readInstance(home);
  if (instance) return { databaseUrl: instance.databaseUrl, redisUrl: instance.redisUrl };
  throw new ConfigurationError(
    `No instance runs on ${home}: start it (npm start), name its folder with KAVA_HOME, or set DATABASE_URL (and REDIS_URL) as its services have it`,
  );
};
