import { spawn, type ChildProcess } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tenantIdOf } from "@kava/contracts/ids";
import type { Role } from "@kava/contracts/identity";
import { readSigningKey } from "@kava/platform/identity/keys";
import { signToken } from "@kava/platform/identity/tokens";
import { readInstance, type Instance } from "@kava/platform/instance";
import pg from "pg";
import { askGraph, type Answer } from "./graphClient.js";
import { freePort } from "./freePort.js";
import { familyOf, listProcesses, postgresPid, serviceProcess, type Process, type Service } from "./processes.js";
import { PushSubscriber, type SubscriberOptions } from "./pushSubscriber.js";
import { until } from "./until.js";

const root = join(import.meta.dirname, "../../..");

export interface InstallationOptions {
  /** For `npm start --`: `["--empty"]` leaves the demo chain out. */
  args?: readonly string[];
  environment?: Record<string, string>;
  /** A folder that an earlier installation left; default a new one. */
  home?: string;
  /** How long it may take until it says that it is ready, demo included. */
  patienceMs?: number;
}

/** The real product as `npm start` runs it, seen from outside: everything a user, an operator or a saboteur can do to it. */
export interface Installation {
  /** KAVA_HOME, a new folder of its own. */
  readonly home: string;
  readonly port: number;
  /** The gateway's /graphql. */
  readonly url: string;
  readonly instance: Instance;
  readonly tenantId: string;
  /** What the supervisor and the services wrote so far. */
  log(): string;
  token(role: Exclude<Role, "anonymous">, options?: TokenOptions): Promise<string>;
  /** Asks as staff unless a token is given; `null` asks as a stranger. */
  ask<Data>(query: string, variables?: Record<string, unknown>, token?: string | null): Promise<Answer<Data>>;
  subscribe(customerId: string, options?: Partial<Pick<SubscriberOptions, "after" | "token" | "query">>): PushSubscriber;
  /** A statement on its PostgreSQL, past all services. */
  sql<Row extends pg.QueryResultRow>(statement: string, values?: unknown[]): Promise<Row[]>;
  /** The process that runs a service, or the PostgreSQL server, now. */
  pid(of: Service | "postgres" | "supervisor"): Promise<number | undefined>;
  /** Signals that process; returns its number. */
  signal(of: Service | "postgres" | "supervisor", signal: NodeJS.Signals): Promise<number>;
  /** All that runs for this installation: the supervisor's descendants, its group, and whatever names its folder. */
  processes(): Promise<Process[]>;
  /** Ends it by SIGTERM and waits until nothing of it is left. Throws with the names of what stayed. */
  stop(): Promise<void>;
  /** Waits until nothing of it is left, without asking it to end. Throws with the names of what stayed. */
  gone(patienceMs?: number): Promise<void>;
  /** Removes its folder. */
  remove(): Promise<void>;
}

export interface TokenOptions {
  customerId?: string;
  scopes?: string[];
  tenantId?: string;
  lifetimeSeconds?: number;
  /** When it was signed; default now. */
  now?: Date;
}

/** Starts an installation in a new folder on a free port and waits until it is ready. Throws with the end of its log when it does not get there. */
export const startInstallation = async (options: InstallationOptions = {}): Promise<Installation> => {
  const { args = [], environment = {}, patienceMs = 120_000, home = await newHome() } = options;
  const port = await freePort();
  const supervisor = spawn(join(root, "node_modules/.bin/node"), [join(root, "packages/supervisor/dist/main.js"), ...args], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, KAVA_HOME: home, PORT: String(port), NO_COLOR: "1", ...environment },
  });
  const log = collectLog(supervisor);
  const instance = await ready(supervisor, home, port, log, patienceMs);
  return describe({ supervisor, home, port, log, instance });
};

/** As root its PostgreSQL runs as another user, who must pass through. */
const newHome = async (): Promise<string> => {
  const home = await mkdtemp(join(tmpdir(), "kava-installation-"));
  await chmod(home, 0o755);
  return home;
};

interface Started {
  supervisor: ChildProcess;
  home: string;
  port: number;
  log: () => string;
  instance: Instance;
}

const describe = ({ supervisor, home, port, log, instance }: Started): Installation => {
  const url = `http://127.0.0.1:${port}/graphql`;
  const tenantId = tenantIdOf(instance.tenant);
  const pool = new pg.Pool({ connectionString: instance.databaseUrl, max: 2, application_name: "kava-harness" });
  pool.on("error", () => undefined); // its server may be killed under it: the next statement connects anew
  const token: Installation["token"] = async (role, options = {}) =>
    signToken(
      await readSigningKey(instance.signingKeyFile),
      {
        tenantId: options.tenantId ?? tenantId,
        role,
        scopes: options.scopes ?? [],
        ...(options.customerId ? { customerId: options.customerId } : {}),
      },
      options.now ?? new Date(),
      options.lifetimeSeconds ?? 3_600,
    );
  const pid: Installation["pid"] = async (of) => {
    if (of === "supervisor") return instance.pid;
    return of === "postgres" ? postgresPid(join(home, "postgres")) : (await serviceProcess(instance.pid, of))?.pid;
  };
  const seen = new Set<number>();
  const processes = async () => {
    const all = await listProcesses();
    const mine = [
      ...familyOf(all, instance.pid),
      ...all.filter((each) => each.state !== "Z" && (each.group === instance.pid || each.command.includes(home) || seen.has(each.pid))),
    ];
    for (const each of mine) seen.add(each.pid);
    return [...new Map(mine.map((each) => [each.pid, each])).values()];
  };
  const gone: Installation["gone"] = async (patienceMs = 30_000) => {
    await pool.end().catch(() => undefined);
    let left: Process[] = [];
    await until("nothing of the installation runs", async () => (left = await processes()).length === 0, patienceMs).catch(() => {
      throw new Error(`Left behind:\n${left.map((each) => `  ${each.pid} ${each.command.slice(0, 160)}`).join("\n")}\n${tail(log())}`);
    });
    if (await listens(port)) throw new Error(`Port ${port} is still taken`);
  };
  return {
    home,
    port,
    url,
    instance,
    tenantId,
    log,
    token,
    pid,
    processes,
    gone,
    ask: async (query, variables, as) =>
      askGraph(url, { query, variables, token: as === null ? undefined : (as ?? (await token("staff"))) }),
    subscribe: (customerId, options = {}) =>
      new PushSubscriber({ url, customerId, token: () => token("customer", { customerId }), ...options }),
    sql: async <Row extends pg.QueryResultRow>(statement: string, values: unknown[] = []) =>
      (await pool.query<Row>(statement, values)).rows,
    signal: async (of, signal) => {
      const found = await until(`${of} runs`, () => pid(of));
      process.kill(found, signal);
      return found;
    },
    stop: async () => {
      await processes();
      supervisor.kill("SIGTERM");
      await gone();
    },
    remove: () => rm(home, { recursive: true, force: true }),
  };
};

/** Its folder's instance file says where it is, /health/ready that all of it answers, and the word `ready` that the demo is in. */
const ready = async (supervisor: ChildProcess, home: string, port: number, log: () => string, patienceMs: number): Promise<Instance> => {
  try {
    return await until(
      "the installation is ready",
      async () => {
        if (supervisor.exitCode !== null) throw new Error(`The supervisor ended with ${supervisor.exitCode}`);
        if (!/^\s*ready\s*$/m.test(log())) return null;
        const instance = readInstance(home);
        const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
        return answer?.ok ? instance : null;
      },
      patienceMs,
    );
  } catch (error) {
    supervisor.kill("SIGTERM");
    throw new Error(`${(error as Error).message}\n${tail(log())}`, { cause: error });
  }
};

const collectLog = (child: ChildProcess): (() => string) => {
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (text = (text + chunk.toString()).slice(-2_000_000)));
  // a test run that is broken off takes its installations with it
  const end = () => void child.kill("SIGTERM");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  return () => text;
};

const tail = (text: string): string => `The end of its log:\n${text.split("\n").slice(-40).join("\n")}`;

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
