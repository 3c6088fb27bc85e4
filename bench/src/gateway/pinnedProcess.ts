import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whether processes can be kept on one core each. */
export const canPin = (): boolean => spawnSync("taskset", ["--version"]).status === 0;

export interface PinnedOptions {
  core: number;
  args: readonly string[];
  env?: Record<string, string>;
  cwd?: string;
}

/** A Node.js process on one core; without taskset it runs anywhere. It ends when the bench does. */
export class PinnedProcess {
  readonly #child: ChildProcess;
  #output = "";

  constructor(
    private readonly name: string,
    { core, args, env = {}, cwd }: PinnedOptions,
  ) {
    const [program, ...rest] = canPin() ? ["taskset", "-c", String(core), process.execPath, ...args] : [process.execPath, ...args];
    this.#child = spawn(program!, rest, {
      env: { PATH: process.env["PATH"], NODE_ENV: "production", APOLLO_TELEMETRY_DISABLED: "true", ...env },
      ...(cwd ? { cwd } : {}),
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const keep = (data: Buffer): void => {
      this.#output = (this.#output + String(data)).slice(-4_000);
    };
    this.#child.stdout?.on("data", keep);
    this.#child.stderr?.on("data", keep);
  }

  /** The first message it sends. Throws with its output when it ends before. */
  message<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#child.once("message", (message) => resolve(message as T));
      this.#child.once("exit", (code) => reject(new Error(`${this.name} ended with ${code} before it was ready:\n${this.#output}`)));
    });
  }

  /** Resolves when the address answers. Throws with the process's output when it does not in time. */
  async answers(url: string, patienceMs = 60_000): Promise<void> {
    const end = Date.now() + patienceMs;
    while (Date.now() < end && this.#child.exitCode === null) {
      if (
        await fetch(url, { method: "POST", body: '{"query":"{__typename}"}', headers: { "content-type": "application/json" } }).then(
          (response) => response.ok,
          () => false,
        )
      )
        return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${this.name} did not answer at ${url}:\n${this.#output}`);
  }

  /** Memory now and at most, in MB, and processor seconds so far. */
  usage(): { memoryMb: number; peakMb: number; processorSeconds: number } {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, "utf8");
    const megabytes = (field: string): number => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1024;
    const [, , ...fields] = readFileSync(`/proc/${this.#child.pid}/stat`, "utf8")
      .replace(/\(.*\)/, "name")
      .split(" ");
    return { memoryMb: megabytes("VmRSS"), peakMb: megabytes("VmHWM"), processorSeconds: (Number(fields[11]) + Number(fields[12])) / 100 };
  }

  stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#child.once("exit", () => resolve());
      this.#child.kill("SIGTERM");
      setTimeout(() => this.#child.kill("SIGKILL"), 5_000).unref();
    });
  }
}
