import { readFileSync, realpathSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

/** What PostgreSQL writes of itself to `postmaster.pid`. */
export interface RunningServer {
  pid: number;
  port: number;
  /** It accepts connections. */
  ready: boolean;
}

const pidFile = (dataDir: string): string => join(dataDir, "postmaster.pid");

/** The server that runs on this folder. Null when none does; a file that a dead server left does not count. */
export const runningServer = (dataDir: string): RunningServer | null => {
  let lines: string[];
  try {
    lines = readFileSync(pidFile(dataDir), "utf8").split("\n");
  } catch {
    return null;
  }
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid <= 0 || !isServerOf(pid, dataDir)) return null;
  return { pid, port, ready: lines[7]?.trim() === "ready" };
};

/** Removes the file that a dead server left: after a reboot its number may be another program's, and PostgreSQL would refuse to start. */
export const clearStalePidFile = (dataDir: string): void => {
  if (!runningServer(dataDir)) rmSync(pidFile(dataDir), { force: true });
};

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/**
 * Process numbers are used again: after a reboot this one may be the system's own PostgreSQL, or the very process that asks. On Linux the command line tells
 * whether it is a `postgres -D` of this folder. A zombie has none and has let go of everything.
 */
const isServerOf = (pid: number, dataDir: string): boolean => {
  if (pid === process.pid || !isAlive(pid)) return false;
  if (process.platform !== "linux") return true;
  try {
    const [program = "", ...rest] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    const named = rest.indexOf("-D");
    return basename(program) === "postgres" && named >= 0 && isSame(rest[named + 1] ?? "", dataDir);
  } catch {
    return false;
  }
};

/** It may have been started by another name of the same folder. */
const isSame = (one: string, other: string): boolean => one === other || realpathSync(one) === realpathSync(other);
