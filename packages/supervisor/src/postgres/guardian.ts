import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { DATABASE_USER, executable, serverEnvironment } from "./cluster.js";
import { GuardianOrders, type GuardianReport } from "./orders.js";
import { clearStalePidFile, isAlive, runningServer } from "./pidFile.js";

/**
 * Keeps one PostgreSQL server up as long as its supervisor lives. It runs in a session of its own, so that neither Ctrl-C in the terminal nor a
 * signal to the supervisor's group reaches the server while services still write. Its channel from the supervisor is the pipe that tells: on
 * `stop`, and when the channel ends however the supervisor went, it lets the clients leave and then stops the server.
 */
class Guardian {
  #stopping = false;
  #pid = 0;

  constructor(private readonly orders: GuardianOrders) {}

  async keep(): Promise<void> {
    for (let failures = 0; !this.#stopping;) {
      const began = Date.now();
      const reason = await this.#runOnce();
      if (this.#stopping) return;
      failures = Date.now() - began > 30_000 ? 1 : failures + 1;
      report({ state: failures > 5 ? "failing" : "restarting", reason });
      await pause(Math.min(5_000, 100 * 2 ** failures));
    }
  }

  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    await this.#untilClientsLeft();
    await endServer(this.#pid);
    process.exit(0);
  }

  /** Adopts or starts the server and stays until it ends; answers why it did. */
  async #runOnce(): Promise<string> {
    const { dataDir, port } = this.orders;
    const found = runningServer(dataDir);
    if (found && found.port !== port) await this.#endLeftover(found.pid);
    const adopted = found?.port === port;
    clearStalePidFile(dataDir);
    this.#pid = adopted ? found.pid : this.#spawn();
    let announced = false;
    while (isAlive(this.#pid)) {
      if (!announced && runningServer(dataDir)?.ready) {
        announced = true;
        report({ state: "ready", pid: this.#pid, adopted });
      }
      await pause(announced ? 200 : 20);
    }
    return announced
      ? "PostgreSQL ended unexpectedly"
      : `PostgreSQL did not start; its log ${this.orders.logFile} ends:\n${tail(this.orders.logFile)}`;
  }

  #spawn(): number {
    const { postgres, dataDir, port, account, logFile } = this.orders;
    const log = openSync(logFile, "a", 0o600);
    const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const child = spawn(executable(postgres), ["-D", dataDir, "-p", String(port), ...settings], {
      ...account,
      cwd: dataDir,
      env: serverEnvironment,
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    child.on("error", (error) => report({ state: "failing", reason: `PostgreSQL did not start: ${error.message}` }));
    return child.pid ?? 0;
  }

  /** A server of an instance that was killed: its own guardian is stopping it just now; if that one is gone too, this one does it. */
  async #endLeftover(pid: number): Promise<void> {
    for (const end = Date.now() + this.orders.patienceMs + 2_000; isAlive(pid) && Date.now() < end;) await pause(50);
    await endServer(pid);
  }

  async #untilClientsLeft(): Promise<void> {
    const { port, passwordFile, patienceMs } = this.orders;
    const end = Date.now() + patienceMs;
    const client = new pg.Client({
      host: "127.0.0.1",
      port,
      user: DATABASE_USER,
      database: "postgres",
      password: readFileSync(passwordFile, "utf8").trim(),
      connectionTimeoutMillis: 1_000,
      query_timeout: 1_000,
    });
    client.on("error", () => {});
    try {
      await client.connect();
      while (Date.now() < end) {
        const { rows } = await client.query<{ others: number }>(
          "SELECT count(*)::int AS others FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
        );
        if (rows[0]?.others === 0) return;
        await pause(50);
      }
    } catch {
      // it does not answer: there is nobody to wait for
    } finally {
      await client.end().catch(() => {});
    }
  }
}

/**
 * Few large settings: 100 connections are what the services' pools are cut to; memory suits a machine that runs everything; a page out of order costs
 * an SSD about what one in order does (so that the outboxes and queues are read by their indexes, which forget dead rows as they meet them).
 */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: 100,
  shared_buffers: "256MB",
  work_mem: "16MB",
  random_page_cost: 1.1,
  max_wal_size: "2GB",
  jit: "off",
  log_min_messages: "warning",
  log_checkpoints: "off",
  log_line_prefix: "%m [%p] ",
};

/** "Fast" shutdown: transactions are rolled back and a checkpoint is written. Should that hang, "immediate" leaves the rest to recovery. */
const endServer = async (pid: number): Promise<void> => {
  for (const [signal, patienceMs] of [
    ["SIGINT", 15_000],
    ["SIGQUIT", 3_000],
    ["SIGKILL", 1_000],
  ] as const) {
    if (!pid || !isAlive(pid)) return;
    process.kill(pid, signal);
    for (const end = Date.now() + patienceMs; isAlive(pid) && Date.now() < end;) await pause(20);
  }
};

const report = (said: GuardianReport): void => {
  if (process.connected) process.send?.(said, undefined, undefined, () => {});
};

const tail = (file: string): string => {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-8).join("\n");
  } catch {
    return "(there is no log)";
  }
};

const guardian = new Guardian(GuardianOrders.parse(JSON.parse(process.argv[2] ?? "{}")));
process.on("message", (message) => message === "stop" && void guardian.stop());
process.on("disconnect", () => void guardian.stop());
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void guardian.stop());
await guardian.keep();
