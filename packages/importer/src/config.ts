import { resolve } from "node:path";
import { readEnvironment } from "@kava/platform/config";
import { z } from "zod";
import type { LoadTarget } from "./loadClient.js";

/** The variables that an import reads. */
export const ImporterEnvironment = z.object({
  KAVA_HOME: z.string().default(".kava"),
  /** Set by npm: where the person is, so that a file named there is found. */
  INIT_CWD: z.string().optional(),
  /** Where the subgraphs of an installation on servers answer; all four, and the key that they share. */
  CUSTOMER_URL: z.string().optional(),
  MENU_URL: z.string().optional(),
  ANALYTICS_URL: z.string().optional(),
  DISCOUNT_URL: z.string().optional(),
  INTERNAL_KEY_FILE: z.string().optional(),
});

export interface ImporterConfig {
  /** Absolute path of the state folder. */
  home: string;
  /** The folder against which files are named. */
  cwd: string;
  /** The installation on servers that the environment names. */
  servers: LoadTarget | undefined;
  /** For an instance that has to be started. */
  environment: NodeJS.ProcessEnv;
}

/** Throws ConfigurationError. */
export const importerConfig = (environment: NodeJS.ProcessEnv = process.env): ImporterConfig => {
  const read = readEnvironment(ImporterEnvironment, environment);
  return { home: resolve(read.KAVA_HOME), cwd: read.INIT_CWD ?? process.cwd(), servers: serversOf(read), environment };
};

const serversOf = ({
  CUSTOMER_URL,
  MENU_URL,
  ANALYTICS_URL,
  DISCOUNT_URL,
  INTERNAL_KEY_FILE,
}: z.infer<typeof ImporterEnvironment>): LoadTarget | undefined => {
  if (!CUSTOMER_URL || !MENU_URL || !ANALYTICS_URL || !DISCOUNT_URL || !INTERNAL_KEY_FILE) return undefined;
  return {
    urls: { customer: CUSTOMER_URL, menu: MENU_URL, analytics: ANALYTICS_URL, discount: DISCOUNT_URL },
    internalKeyFile: INTERNAL_KEY_FILE,
  };
};
