import { readEnvironment } from "@kava/platform/config";
import { z } from "zod";

/** The variables that the laboratory reads. */
export const LaboratoryEnvironment = z.object({
  /** Set by npm: where the person is, so that a file named there is found. */
  INIT_CWD: z.string().optional(),
});

/** The folder against which files are named. Throws ConfigurationError. */
export const workingFolder = (environment: NodeJS.ProcessEnv = process.env): string =>
  readEnvironment(LaboratoryEnvironment, environment).INIT_CWD ?? process.cwd();
