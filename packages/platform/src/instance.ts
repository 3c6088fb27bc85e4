import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const url = z.string();

/** What the supervisor of an embedded installation writes to `KAVA_HOME/instance.json` (mode 600), for the project's own commands. */
export const Instance = z.object({
  /** The supervisor's process. */
  pid: z.int(),
  port: z.int(),
  /** Where the gateway answers, without a path. */
  url,
  databaseUrl: url,
  redisUrl: url.optional(),
  /** GraphQL of each service; the internal routes of a subgraph stand beside it. */
  urls: z.object({ customer: url, menu: url, analytics: url, discount: url, gateway: url }),
  internalKeyFile: z.string(),
  signingKeyFile: z.string(),
  /** Short name of the tenant that commands mean when they name none. */
  tenant: z.string(),
  startedAt: z.iso.datetime(),
});
export type Instance = z.infer<typeof Instance>;

export const instanceFile = (home: string): string => join(home, "instance.json");

/** The instance that runs on this folder now. Null when there is none, also when one ended without a word and its file stayed. */
export const readInstance = (home: string): Instance | null => {
  let text: string;
  try {
    text = readFileSync(instanceFile(home), "utf8");
  } catch {
    return null;
  }
  const read = Instance.safeParse(parseJson(text));
  return read.success && isAlive(read.data.pid) ? read.data : null;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};
