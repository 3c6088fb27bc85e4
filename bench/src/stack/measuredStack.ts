import { readFile } from "node:fs/promises";
import type { Installation } from "@kava/harness/installation";
import { familyOf, listProcesses, SERVICES, serviceProcess, type Service } from "@kava/harness/processes";
import { startInstallation } from "@kava/harness/installation";

/** What a process used: resident memory of its own in megabytes (shared pages by their share, where Linux says), processor time in seconds. */
export interface Usage {
  name: string;
  memoryMb: number;
  cpuSeconds: number;
}

/** The whole product with its demo chain, in a folder of its own; rate limits are off, since a bench is one client. */
export const startMeasuredStack = async (say: (text: string) => void): Promise<Installation> => {
  say("starting the whole stack with the demo chain …");
  return startInstallation({ environment: { RATE_LIMIT: "off", LOG_LEVEL: "warn" }, patienceMs: 240_000 });
};

/** What each service and the PostgreSQL server with all its backends used so far. */
export const usageOf = async (kava: Installation): Promise<Usage[]> => {
  const services = await Promise.all(
    (Object.keys(SERVICES) as Service[]).map(async (name) => usage(name, [(await serviceProcess(kava.instance.pid, name))?.pid ?? 0])),
  );
  const postgres = await kava.pid("postgres");
  const backends = postgres === undefined ? [] : familyOf(await listProcesses(), postgres).map((each) => each.pid);
  return [...services, await usage("postgres", backends)];
};

const usage = async (name: string, pids: readonly number[]): Promise<Usage> => {
  const each = await Promise.all(pids.map(async (pid) => ({ memoryMb: await memoryOf(pid), cpuSeconds: await cpuOf(pid) })));
  return { name, memoryMb: sum(each.map((one) => one.memoryMb)), cpuSeconds: sum(each.map((one) => one.cpuSeconds)) };
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const memoryOf = async (pid: number): Promise<number> => {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1024;
};

const TICKS_A_SECOND = 100;

/** User and system time, fields 14 and 15 of /proc/PID/stat; the name before them may hold spaces, so counting starts after it. */
const cpuOf = async (pid: number): Promise<number> => {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_A_SECOND;
};

/** Processor time of each between two moments, as a share of one core. */
export const coresBetween = (before: readonly Usage[], after: readonly Usage[], seconds: number): Record<string, number> =>
  Object.fromEntries(
    after.map(({ name, cpuSeconds }) => [
      name,
      Math.round((100 * (cpuSeconds - (before.find((each) => each.name === name)?.cpuSeconds ?? 0))) / seconds) / 100,
    ]),
  );
