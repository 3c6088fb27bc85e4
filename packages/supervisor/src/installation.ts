import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { newSigningJwk } from "@kava/platform/identity/keys";
import { instanceFile, readInstance, type Instance } from "@kava/platform/instance";
import type { SupervisorConfig } from "./config.js";
import type { Voice } from "./console/voice.js";
import { defaultTenant, keptFile, keptSecret, notReadyFile, openHome, readKept, type Home } from "./home.js";
import { takeLock, type Lock } from "./lock.js";
import { freePort, holderOf, isFree } from "./ports.js";
import { EmbeddedPostgres } from "./postgres/embeddedPostgres.js";
import { SupervisedProcess, type Program } from "./processes/supervisedProcess.js";
import { SERVICES, services, urlOf, type ServiceName, type Surroundings } from "./services.js";

/** Parts that a test replaces: the programs, and where the guardian's built file is. */
export interface Parts {
  programs: (around: Surroundings) => Program[];
  guardian?: string;
}

/** An embedded installation: PostgreSQL and the services, on one state folder, under one lock. */
export class Installation {
  #lock: Lock | undefined;
  #postgres: EmbeddedPostgres | undefined;
  #processes: SupervisedProcess[] = [];
  #home: Home | undefined;
  #stopped: Promise<void> | undefined;
  #instance: Instance | undefined;

  constructor(
    private readonly config: SupervisorConfig,
    private readonly voice: Voice,
    private readonly parts: Parts = { programs: services },
  ) {}

  /**
   * Starts everything and answers when all services are ready. `awaiting`: what must still come before the installation calls itself ready (`nowReady`).
   * Throws with what to do when it cannot; call `stop` then as well.
   */
  async start(awaiting?: string): Promise<Instance> {
    const home = openHome(this.config.home);
    this.#home = home;
    this.#lock = await this.#takeHome(home);
    this.nowReady(); // what a killed start left
    if (awaiting !== undefined) writeFileSync(notReadyFile(home), `${awaiting}\n`);
    const port = await this.#gatewayPort(home);
    const secrets = { internalKeyFile: keptSecret(home, "internal-key").file, signingKeyFile: await signingKey(home) };
    this.#postgres = await this.voice.step("postgres", "starting", () => EmbeddedPostgres.start(home, this.voice, this.parts.guardian));
    this.#continueUnlessStopped();
    const around: Surroundings = {
      home,
      ...secrets,
      databaseUrl: this.#postgres.url,
      host: this.config.host,
      logLevel: this.config.logLevel,
      tenant: defaultTenant(home),
      ports: { ...(await freePorts()), gateway: port },
    };
    this.#processes = this.parts.programs(around).map((program) => new SupervisedProcess(program, this.voice));
    await this.voice.step("services", "starting", () => Promise.all(this.#processes.map((each) => each.start())));
    this.#continueUnlessStopped();
    this.#instance = describe(around);
    writeFileSync(`${instanceFile(home.path)}.new`, `${JSON.stringify(this.#instance, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${instanceFile(home.path)}.new`, instanceFile(home.path));
    return this.#instance;
  }

  /** What was awaited is here: from now on /health/ready says so. */
  nowReady(): void {
    if (this.#home) rmSync(notReadyFile(this.#home), { force: true });
  }

  /** Starts nothing again from now on, and stops the gateway, then the subgraphs, then PostgreSQL. Safe to call at any time and again. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** Process numbers of the services, by name. */
  pids(): Record<string, number | undefined> {
    return Object.fromEntries(this.#processes.map((each) => [each.name, each.pid]));
  }

  async #stop(): Promise<void> {
    for (const each of this.#processes) each.letEnd();
    const gateway = this.#processes.filter((each) => each.name === "gateway");
    await Promise.all(gateway.map((each) => each.stop()));
    await Promise.all(this.#processes.map((each) => each.stop()));
    await this.#postgres?.stop();
    if (this.#instance && this.#home) rmSync(instanceFile(this.#home.path), { force: true });
    await this.#lock?.release();
  }

  async #takeHome(home: Home): Promise<Lock> {
    const lock = await takeLock(home.path);
    if (lock) return lock;
    const running = readInstance(home.path);
    const where = running ? `It answers on ${running.url} (process ${running.pid}).` : "It is just starting or stopping.";
    throw new Error(
      `Kava runs already on ${home.path}. ${where}\nStop that one first, or start another beside it: KAVA_HOME=.kava-2 PORT=4100 npm start`,
    );
  }

  /** An instance that was killed may still be letting go of its port: that is worth a moment. */
  async #gatewayPort(home: Home): Promise<number> {
    const { port, host } = this.config;
    if (port === 0) return freePort(host);
    const mayLetGo = existsSync(instanceFile(home.path));
    for (const end = Date.now() + (mayLetGo ? 12_000 : 0); !(await isFree(port, host));) {
      if (Date.now() >= end)
        throw new Error(`Port ${port} is taken${byWhom(port)}. Stop that program, or choose another port: PORT=${port + 100} npm start`);
      this.voice.info("kava", `waiting until the last instance lets go of port ${port}`);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    return port;
  }

  #continueUnlessStopped(): void {
    if (this.#stopped) throw new Error("Stopped while it was starting");
  }
}

const byWhom = (port: number): string => {
  const holder = holderOf(port);
  return holder ? ` by ${holder}` : "";
};

const freePorts = async (): Promise<Record<ServiceName, number>> => {
  const ports = await Promise.all(SERVICES.map(async (name) => [name, await freePort()] as const));
  return Object.fromEntries(ports) as Record<ServiceName, number>;
};

/** The key that signs tokens: made once, as a private JWK. */
const signingKey = async (home: Home): Promise<string> => {
  const jwk = readKept(home, "signing-key.json") ?? (await newSigningJwk());
  return keptFile(home, "signing-key.json", () => jwk).file;
};

const describe = (around: Surroundings): Instance => ({
  pid: process.pid,
  port: around.ports.gateway,
  url: urlOf(around, "gateway").replace(/\/graphql$/, ""),
  databaseUrl: around.databaseUrl,
  urls: Object.fromEntries(SERVICES.map((name) => [name, urlOf(around, name)])) as Instance["urls"],
  internalKeyFile: around.internalKeyFile,
  signingKeyFile: around.signingKeyFile,
  tenant: around.tenant,
  startedAt: new Date().toISOString(),
});
