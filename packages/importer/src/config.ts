import { resolve } from "node:path";
import { readEnvironment } from "@kava/platform/config";
import { z } from "zod";

/** The variables that an import reads. */
export const ImporterEnvironment = z.object({
  KAVA_HOME: z.string().default(".kava"),
  /** Set by npm: where the person is, so that a file named there is found. */
  INIT_CWD: z.string().optional(),
});

export interface ImporterConfig {
  /** Absolute path of the state folder. */
  home: string;
  /** The folder against which files are named. */
  cwd: string;
  /** For an instance that has to be started. */
  environment: NodeJS.ProcessEnv;
}

/** Throws ConfigurationError. */
export const importerConfig = (environment: NodeJS.ProcessEnv = process.env): ImporterConfig => {
  const read = readEnvironment(ImporterEnvironment, environment);
  return { home: resolve(read.KAVA_HOME), cwd: read.INIT_CWD ?? process.cwd(), environment };
};
