import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clearStalePidFile, runningServer } from "./pidFile.js";

let place: string;
let dataDir: string;
const started: ChildProcess[] = [];
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "kava-pid-"));
  dataDir = join(place, "postgres");
  mkdirSync(dataDir);
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  rmSync(place, { recursive: true, force: true });
});

/** A process that does nothing, under any name and with any further arguments. */
const process_ = async (name: string, ...further: string[]): Promise<number> => {
  const child = spawn("/bin/sh", ["-c", "read _", ...further], { argv0: name, stdio: ["pipe", "ignore", "ignore"] });
  started.push(child);
  await new Promise<void>((resolve, reject) => child.once("spawn", () => resolve()).once("error", reject));
  return child.pid!;
};
const leave = (pid: number): void =>
  writeFileSync(join(dataDir, "postmaster.pid"), `${pid}\n${dataDir}\n1\n5432\n\n127.0.0.1\n1 2\nready   \n`);

test("a postgres on this folder is its server, by whatever name it calls the folder", async () => {
  const pid = await process_("/opt/bin/postgres", "-D", dataDir, "-p", "5432");
  leave(pid);
  expect(runningServer(dataDir)).toEqual({ pid, port: 5432, ready: true });
  symlinkSync(dataDir, join(place, "link"));
  expect(runningServer(join(place, "link"))?.pid).toBe(pid);
  clearStalePidFile(dataDir);
  expect(existsSync(join(dataDir, "postmaster.pid"))).toBe(true);
});

test.skipIf(process.platform !== "linux")(
  "a number that is another program's now is no server of ours (skipped where there is no /proc: only Linux tells a process's command line)",
  async () => {
    const others = [
      await process_("psql", "postgres"),
      await process_("node", "guardian.js", "-D", dataDir, "/opt/bin/postgres"),
      await process_("/usr/lib/postgresql/17/bin/postgres", "-D", "/var/lib/postgresql/17/main"),
      await process_("/usr/lib/postgresql/17/bin/postgres", dataDir),
    ];
    for (const pid of others) {
      leave(pid);
      expect(runningServer(dataDir)).toBeNull();
    }
    clearStalePidFile(dataDir);
    expect(existsSync(join(dataDir, "postmaster.pid"))).toBe(false);
  },
);

test("the process that asks is never the server, though the file holds its number", () => {
  leave(process.pid);
  expect(runningServer(dataDir)).toBeNull();
});
