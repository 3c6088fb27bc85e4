import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Instance } from "@kava/platform/instance";
import { until } from "@kava/tests/support/until";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive } from "./postgres/pidFile.js";

const program = resolve(import.meta.dirname, "../../../tests/support/fixtureSupervisor.mjs");
let place: string;
let home: string;
const started: Running[] = [];

interface Running {
  child: ChildProcess;
  pid: number;
  said: () => string;
  up: Promise<{ instance: Instance; pids: Record<string, number> }>;
  ended: Promise<number | null>;
}

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "kava-supervisor-"));
  chmodSync(place, 0o755);
  home = join(place, "home");
});
afterEach(async () => {
  for (const running of started.splice(0)) {
    killGroup(running.pid, "SIGTERM");
    await running.ended;
  }
  await until("nothing runs on the folder any more", () => processesOn(home).length === 0);
  rmSync(place, { recursive: true, force: true });
});

/** A supervisor in a process group of its own, as a terminal starts it. */
const start = (options: { port?: number; uid?: number; fails?: boolean } = {}): Running => {
  const { uid } = options;
  const child = spawn(process.execPath, [program], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    ...(uid ? { uid, gid: uid } : {}),
    env: {
      PATH: process.env["PATH"],
      HOME_FOLDER: home,
      PORT: String(options.port ?? 0),
      ...(options.fails ? { FIXTURE_FAILS: "1" } : {}),
    },
  });
  let out = "";
  let said = "";
  child.stderr.on("data", (text) => (said += String(text)));
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const up = new Promise<{ instance: Instance; pids: Record<string, number> }>((resolve, reject) => {
    child.stdout.on("data", (text) => {
      out += String(text);
      if (out.includes("\n")) resolve(JSON.parse(out) as { instance: Instance; pids: Record<string, number> });
    });
    void ended.then(() => reject(new Error(`It ended before it was up:\n${said}`)));
  });
  up.catch(() => {});
  const running = { child, pid: child.pid!, said: () => said, up, ended };
  started.push(running);
  return running;
};

const killGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal);
  } catch {
    // it is gone already
  }
};

/** Processes whose command line or environment names the folder: supervisor, services, guardian, PostgreSQL. */
const processesOn = (folder: string): string[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const about = readFileSync(`/proc/${pid}/cmdline`, "utf8") + readFileSync(`/proc/${pid}/environ`, "utf8");
        return about.includes(folder) ? [`${pid} ${about.slice(0, 60)}`] : [];
      } catch {
        return [];
      }
    });

const ask = async (url: string, path = "/"): Promise<{ pid: number; visit: number } | null> => {
  try {
    const answer = await fetch(new URL(path, url));
    return answer.ok ? ((await answer.json()) as { pid: number; visit: number }) : null;
  } catch {
    return null;
  }
};

const postmaster = (): number => Number(readFileSync(join(home, "postgres/postmaster.pid"), "utf8").split("\n")[0]);
const guardian = (): number =>
  Number(
    execFileSync("pgrep", ["-f", `guardian.js.*${home}`], { encoding: "utf8" })
      .trim()
      .split("\n")[0],
  );

test("a signal to the group stops everything and leaves a sound database", async () => {
  const first = start();
  const { instance } = await first.up;
  expect((await ask(instance.urls.menu))?.visit).toBe(1);
  killGroup(first.pid, "SIGTERM");
  expect(await first.ended).toBe(0);
  expect(processesOn(home)).toEqual([]);
  expect(readFileSync(join(home, "postgres.log"), "utf8")).toContain("database system is shut down");
  expect(readdirSync(home)).not.toContain("instance.json");
  const second = await start().up;
  expect((await ask(second.instance.urls.menu))?.visit).toBeGreaterThan(1);
});

test("Ctrl-C reaches all services at once, and none that ends before the gateway is started again", async () => {
  const running = start();
  const { instance, pids } = await running.up;
  const halfRequest = connect(Number(new URL(instance.url).port), "127.0.0.1").on("error", () => {});
  await new Promise<void>((resolve) => halfRequest.write("GET / HTTP/1.1\r\nHost: kava\r\n", () => resolve()));
  killGroup(running.pid, "SIGINT");
  const subgraphs = Object.entries(pids).filter(([name]) => name !== "gateway");
  await until("the subgraphs have ended", () => subgraphs.every(([, pid]) => !isAlive(pid)));
  halfRequest.destroy(); // the gateway waited for the rest of it
  expect(await running.ended).toBe(0);
  expect(running.said()).not.toContain("starts again");
  expect(processesOn(home)).toEqual([]);
});

test("kill -9 of the supervisor leaves no process, and the next start finds what was written", async () => {
  const first = start();
  const { instance } = await first.up;
  await ask(instance.urls.menu);
  process.kill(first.pid, "SIGKILL");
  await first.ended;
  const second = await start().up; // at once: the old guardian may still be at work
  expect((await ask(second.instance.urls.menu))?.visit).toBeGreaterThan(1);
  process.kill(started[1]!.pid, "SIGKILL");
  await until("nothing runs any more", () => processesOn(home).length === 0);
});

test("a service that ends is started again on the same address", async () => {
  const running = start();
  const { instance } = await running.up;
  const before = await ask(instance.urls.discount);
  await ask(instance.urls.discount, "/crash");
  const after = await until("it answers again", () => ask(instance.urls.discount));
  expect(after.pid).not.toBe(before?.pid);
  expect(running.said()).toMatch(/discount +warn +ended \(exit code 7\); starts again/);
});

test("PostgreSQL that was killed comes back on the same address", async () => {
  const running = start();
  const { instance } = await running.up;
  process.kill(postmaster(), "SIGKILL");
  await until("its end is seen", () => running.said().includes("PostgreSQL ended unexpectedly; starting it again"), 60_000);
  const answer = await until("a service reaches it again", () => ask(instance.urls.menu), 60_000);
  expect(answer.visit).toBeGreaterThan(0);
});

test("a guardian that was killed is replaced, and the server goes on without a pause", async () => {
  const running = start();
  const { instance } = await running.up;
  const [server, old] = [postmaster(), guardian()];
  process.kill(old, "SIGKILL");
  await until("another guardian adopted the server", () => running.said().includes("adopted as process"));
  expect(postmaster()).toBe(server);
  expect(await ask(instance.urls.menu)).not.toBeNull();
});

test("a second start on the same folder is told where the first one answers", async () => {
  const { instance } = await start().up;
  const second = start();
  expect(await second.ended).toBe(1);
  expect(second.said()).toContain(`Kava runs already on ${home}. It answers on ${instance.url}`);
});

test("a taken port is named with who holds it and the way out, before anything is started", async () => {
  const squatter = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => squatter.once("listening", resolve));
  const { port } = squatter.address() as AddressInfo;
  const running = start({ port });
  expect(await running.ended).toBe(1);
  squatter.close();
  expect(running.said()).toContain(`Port ${port} is taken by`);
  expect(running.said()).toContain(`(process ${process.pid})`);
  expect(running.said()).toContain(`PORT=${port + 100} npm start`);
  expect(readdirSync(home)).not.toContain("postgres");
});

test("a service that never starts ends the start with its own words, and nothing is left", async () => {
  const running = start({ fails: true });
  expect(await running.ended).toBe(1);
  expect(running.said()).toContain("this service was told to fail");
  expect(running.said()).toMatch(/FAILED .* does not start: it ended 5 times/);
  expect(processesOn(home)).toEqual([]);
});

test("secrets and the instance's file are the owner's alone", async () => {
  await start().up;
  const modes = ["secrets", "secrets/internal-key", "secrets/signing-key.json", "secrets/postgres-password", "instance.json"].map((file) =>
    (statSync(join(home, file)).mode & 0o777).toString(8),
  );
  expect(modes).toEqual(["700", "600", "600", "600", "600"]);
});

test("services cannot use more connections than PostgreSQL has for them", async () => {
  const { CONNECTIONS } = await import("./services.js");
  const most = Object.values(CONNECTIONS).reduce((sum, { database, bus }) => sum + database + bus, 0);
  expect(most).toBeLessThanOrEqual(80);
  const { instance } = await start().up;
  const client = new pg.Client({ connectionString: instance.databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ max_connections: string }>("SHOW max_connections");
  await client.end();
  expect(Number(rows[0]?.max_connections)).toBe(100);
});

const NOBODY = 65_534;
test.skipIf(process.getuid?.() !== 0)(
  "an ordinary user runs it as themselves (skipped unless the tests run as root, who can become one)",
  async () => {
    chmodSync(place, 0o777);
    const running = start({ uid: NOBODY });
    const { instance } = await running.up;
    expect((await ask(instance.urls.menu))?.visit).toBe(1);
    expect(statSync(join(home, "postgres")).uid).toBe(NOBODY);
  },
);

test.skipIf(process.getuid?.() !== 0)(
  "as root, a folder through which PostgreSQL's user cannot pass is named with the cure (skipped unless the tests run as root)",
  async () => {
    chmodSync(place, 0o700);
    const running = start();
    expect(await running.ended).toBe(1);
    expect(running.said()).toContain(`cannot pass through ${place} to its data`);
    expect(running.said()).toContain(`chmod o+x ${place}`);
  },
);
