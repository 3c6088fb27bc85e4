import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

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
  if (!Number.isInteger(pid) || pid <= 0 || !isPostgres(pid)) return null;
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

/** Process numbers are used again: on Linux the program's name tells. A zombie has none and has let go of everything. */
const isPostgres = (pid: number): boolean => {
  if (!isAlive(pid)) return false;
  if (process.platform !== "linux") return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("postgres");
  } catch {
    return false;
  }
};
