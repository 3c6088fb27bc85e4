import { fork, type ChildProcess } from "node:child_process";
import { mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import type { Voice } from "../console/voice.js";
import { keptSecret, type Home } from "../home.js";
import { freePort } from "../ports.js";
import { accountFor, requireWay } from "./account.js";
import { findBinaries } from "./binaries.js";
import { DATABASE_USER, makeCluster } from "./cluster.js";
import { GuardianReport, type GuardianOrders } from "./orders.js";

/** Where the guardian's program is; a test that runs from the sources names the built one. */
export const GUARDIAN = fileURLToPath(new URL("./guardian.js", import.meta.url));

const PATIENCE_MS = 5_000;
const LARGEST_LOG = 10 * 2 ** 20;

/** The installation's own PostgreSQL, under its guardian. Its address stays the same as long as the supervisor runs. */
export class EmbeddedPostgres {
  #guardian: ChildProcess | undefined;
  #stopping = false;
  #ready: (() => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  private constructor(
    private readonly orders: GuardianOrders,
    private readonly program: string,
    private readonly voice: Voice,
    readonly url: string,
  ) {}

  /** Makes the data folder when there is none, starts the server and waits until it answers. Throws with the end of its log. */
  static async start(home: Home, voice: Voice, program = GUARDIAN): Promise<EmbeddedPostgres> {
    const binaries = await findBinaries();
    const dataDir = join(home.path, "postgres");
    const account = accountFor(dataDir);
    requireWay(dataDir, account, "its data");
    requireWay(binaries.postgres, account, "its programs");
    mkdirSync(home.path, { recursive: true });
    const password = keptSecret(home, "postgres-password");
    await makeCluster(binaries, dataDir, account, password.value);
    const logFile = join(home.path, "postgres.log");
    if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_LOG) renameSync(logFile, `${logFile}.old`);
    const port = await freePort();
    const orders: GuardianOrders = {
      postgres: binaries.postgres,
      dataDir,
      port,
      account: account ?? null,
      passwordFile: password.file,
      logFile,
      patienceMs: PATIENCE_MS,
    };
    const server = new EmbeddedPostgres(orders, program, voice, `postgres://${DATABASE_USER}:${password.value}@127.0.0.1:${port}/kava`);
    await server.#spawnGuardian();
    await makeDatabase(server.url);
    return server;
  }

  /** Lets clients leave, then stops the server; the guardian goes with it. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const guardian = this.#guardian;
    if (!guardian || guardian.exitCode !== null || guardian.signalCode !== null) return;
    const gone = new Promise((resolve) => guardian.once("exit", resolve));
    if (guardian.connected) guardian.send("stop", () => {});
    await gone;
  }

  /** Detached: a session of its own. The channel is the pipe by which it learns that this process is gone. */
  #spawnGuardian(): Promise<void> {
    const guardian = fork(this.program, [JSON.stringify(this.orders)], {
      detached: true,
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      execArgv: [],
    });
    this.#guardian = guardian;
    guardian.on("message", (message) => this.#hear(GuardianReport.parse(message)));
    guardian.on("exit", () => {
      this.#failed?.(new Error("PostgreSQL's guardian ended before the server was ready"));
      if (this.#stopping) return;
      this.voice.warn("postgres", "its guardian is gone; another one takes over");
      void this.#spawnGuardian().catch((error: unknown) => this.voice.error("postgres", String(error)));
    });
    return new Promise((resolve, reject) => {
      this.#ready = resolve;
      this.#failed = reject;
    });
  }

  #hear(report: GuardianReport): void {
    if (report.state === "ready") {
      this.voice.debug("postgres", `${report.adopted ? "adopted" : "started"} as process ${report.pid}`);
      if (!this.#ready) this.voice.info("postgres", "is back");
      this.#ready?.();
      this.#ready = this.#failed = undefined;
    } else if (this.#failed && report.state === "failing") this.#failed(new Error(report.reason));
    else if (!this.#stopping) this.voice.warn("postgres", `${report.reason}; starting it again`);
  }
}

const makeDatabase = async (url: string): Promise<void> => {
  const address = new URL(url);
  const name = address.pathname.slice(1);
  address.pathname = "/postgres";
  const client = new pg.Client({ connectionString: address.href });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
};
