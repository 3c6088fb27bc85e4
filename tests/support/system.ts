import { execFile } from "node:child_process";
import { mkdir, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { startInstallation, type Installation, type InstallationOptions } from "@kava/harness/installation";
import { until } from "@kava/harness/until";

const root = resolve(import.meta.dirname, "../..");
const lock = join(root, "node_modules/.cache/kava-test-build.lock");
const ABANDONED_MS = 120_000;

/** Builds what is older than its sources (a whole-system test runs what a user runs), then starts an installation without the demo chain. */
export const startSystem = async (options: InstallationOptions = {}): Promise<Installation> => {
  await build();
  return startInstallation({ args: ["--empty"], ...options });
};

/** One at a time on this machine: a program must not start while another run's compiler writes it. */
const build = async (): Promise<void> => {
  await mkdir(join(root, "node_modules/.cache"), { recursive: true });
  await until(
    "nobody else builds",
    async () => {
      const made = await mkdir(lock).then(
        () => true,
        () => false,
      );
      if (!made && (await isAbandoned())) await rm(lock, { recursive: true, force: true });
      return made;
    },
    2 * ABANDONED_MS,
  );
  try {
    await promisify(execFile)(join(root, "node_modules/.bin/node"), [join(root, "node_modules/typescript/bin/tsc"), "-b"], { cwd: root });
  } catch (error) {
    throw new Error(`The build failed:\n${(error as { stdout?: string }).stdout ?? String(error)}`, { cause: error });
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
};

const isAbandoned = async (): Promise<boolean> => {
  const found = await stat(lock).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > ABANDONED_MS;
};
