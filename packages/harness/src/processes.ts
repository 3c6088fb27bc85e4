import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** A process as the system lists it. `command`: the program with its arguments. */
export interface Process {
  pid: number;
  parent: number;
  group: number;
  /** The first letter of its state: `R` runs, `S` sleeps, `T` is stopped, `Z` has ended and nobody asked how. */
  state: string;
  command: string;
}

/** Every process of this machine. Linux tells it in files; elsewhere `ps` is there, which small images of Linux leave out. */
export const listProcesses = (): Promise<Process[]> => (process.platform === "linux" ? processesOfLinux() : processesOfPs());

const processesOfLinux = async (): Promise<Process[]> => {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  // one that ends meanwhile is not listed
  const found = await Promise.all(pids.map((pid) => processOfLinux(Number(pid)).catch(() => [])));
  return found.flat();
};

/** From `/proc/<pid>/stat`, proc(5): pid (name) state parent group …; the name may hold anything, brackets too. */
const processOfLinux = async (pid: number): Promise<Process[]> => {
  const [stat, command] = await Promise.all([readFile(`/proc/${pid}/stat`, "utf8"), readFile(`/proc/${pid}/cmdline`, "utf8")]);
  const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return [{ pid, parent: Number(parent), group: Number(group), state: state!, command: command.replaceAll("\0", " ").trim() }];
};

const processesOfPs = async (): Promise<Process[]> => {
  const { stdout } = await promisify(execFile)("ps", ["-Aww", "-o", "pid=,ppid=,pgid=,stat=,command="], { maxBuffer: 16 * 2 ** 20 });
  return stdout.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S)\S*\s+(.*)$/.exec(line);
    return match
      ? [{ pid: Number(match[1]), parent: Number(match[2]), group: Number(match[3]), state: match[4]!, command: match[5]! }]
      : [];
  });
};

/** The process and all that it started, down to the last, as far as they still run. */
export const familyOf = (all: readonly Process[], pid: number): Process[] => {
  const members = new Set([pid]);
  for (let size = 0; size < members.size;) {
    size = members.size;
    for (const each of all) if (members.has(each.parent)) members.add(each.pid);
  }
  return all.filter((each) => members.has(each.pid) && each.state !== "Z");
};

/** Parts of an installation that are processes of their own, and the program by which each is known. */
export const SERVICES = {
  customer: "subgraphs/customer/dist/main.js",
  menu: "subgraphs/menu/dist/main.js",
  analytics: "subgraphs/analytics/dist/main.js",
  discount: "subgraphs/discount/dist/main.js",
  gateway: "gateway/dist/main.js",
} as const;
export type Service = keyof typeof SERVICES;

/** The process that runs a service of this supervisor now; undefined between its end and its next start. */
export const serviceProcess = async (supervisor: number, service: Service): Promise<Process | undefined> =>
  (await listProcesses()).find((each) => each.parent === supervisor && each.state !== "Z" && each.command.includes(SERVICES[service]));

/** The PostgreSQL server's own process number, from the file it keeps in its data folder; undefined when it does not run. */
export const postgresPid = async (dataFolder: string): Promise<number | undefined> => {
  const text = await readFile(join(dataFolder, "postmaster.pid"), "utf8").catch(() => "");
  const pid = Number(text.split("\n")[0]);
  return Number.isInteger(pid) && pid > 0 && isAlive(pid) ? pid : undefined;
};

/** Whether a process of this number runs. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Resident memory of a process in megabytes (2^20 bytes); 0 when it is gone. */
export const memoryOf = async (pid: number): Promise<number> => {
  if (process.platform === "linux") {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
  }
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]).catch(() => ({ stdout: "0" }));
  return Number(stdout.trim()) / 1024;
};
