import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountFor } from "@kava/supervisor/postgres/account";
import { findBinaries } from "@kava/supervisor/postgres/binaries";
import { DATABASE_USER, executable, makeCluster, serverEnvironment } from "@kava/supervisor/postgres/cluster";
import { freePort } from "@kava/supervisor/ports";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { until } from "./until.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the test run's PostgreSQL answers; make a database of your own in it with `freshDatabase()`. */
    postgresUrl: string;
  }
}

/** The data go with the run, so nothing waits for the disk; many services of many tests connect at once. */
const SETTINGS = ["fsync=off", "max_connections=200", "listen_addresses=127.0.0.1", "unix_socket_directories="];

/**
 * One real PostgreSQL for the whole test run, in a folder that goes with it. It runs the package's programs directly: the package's own class has an exit hook
 * that ends the process with 0 whatever the tests said.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "kava-test-postgres-"));
  await chmod(folder, 0o755);
  const [binaries, port] = [await findBinaries(), await freePort()];
  const dataDir = join(folder, "data");
  const account = accountFor(dataDir);
  await makeCluster(binaries, dataDir, account, "kava");
  const settings = SETTINGS.flatMap((setting) => ["-c", setting]);
  const server = spawn(executable(binaries.postgres), ["-D", dataDir, "-p", String(port), ...settings], {
    ...account,
    cwd: dataDir,
    env: serverEnvironment,
    stdio: "ignore",
  });
  const ended = once(server, "exit");
  const url = `postgres://${DATABASE_USER}:kava@127.0.0.1:${port}/postgres`;
  await until("the test run's PostgreSQL answers", () => answers(url), 60_000);
  project.provide("postgresUrl", url);
  return async () => {
    server.kill("SIGINT"); // a fast stop: clients are not waited for
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
}

const answers = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
};
