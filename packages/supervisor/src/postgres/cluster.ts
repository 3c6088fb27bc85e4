import { execFile } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Account } from "./account.js";
import type { Binaries } from "./binaries.js";

export const DATABASE_USER = "kava";

/**
 * Makes the data folder of a new server. It is made aside and put in place by renaming, so that a start that was killed in the middle leaves
 * nothing half made. The locale is PostgreSQL's own, the same on every machine.
 */
export const makeCluster = async (binaries: Binaries, dataDir: string, account: Account | undefined, password: string): Promise<void> => {
  if (existsSync(join(dataDir, "PG_VERSION"))) return;
  const place = join(dirname(dataDir), "postgres.new");
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { mode: 0o700 });
  const passwordFile = join(place, "password");
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  const cluster = join(place, "data");
  if (account) for (const path of [place, passwordFile]) chownSync(path, account.uid, account.gid);
  const options = [
    `--pgdata=${cluster}`,
    `--username=${DATABASE_USER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-instructions",
  ];
  try {
    await promisify(execFile)(executable(binaries.initdb), options, { ...account, cwd: place, env: serverEnvironment });
  } catch (cause) {
    throw new Error(`PostgreSQL could not make its data folder ${dataDir}: ${(cause as { stderr?: string }).stderr ?? String(cause)}`, {
      cause,
    });
  }
  renameSync(cluster, dataDir);
  rmSync(place, { recursive: true, force: true });
};

/** The server sees nothing of our environment, which may hold settings for another PostgreSQL (PGDATA, PGPORT …). */
export const serverEnvironment: NodeJS.ProcessEnv = { LC_ALL: "C", TZ: "UTC" };

/** Some installers drop the bit that makes a file executable. */
export const executable = (file: string): string => {
  const { mode } = statSync(file);
  if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
  return file;
};
