import { fork, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { z } from "zod";
import { readLogLine } from "../console/logLine.js";
import { LEVELS, type Level, type Voice } from "../console/voice.js";

/** A program of ours that is to run as long as the supervisor does. It says `{ready: true, url}` on its channel. */
export interface Program {
  name: string;
  /** The built main file. */
  main: string;
  env: NodeJS.ProcessEnv;
  execArgv?: readonly string[];
}

export interface Backoff {
  firstMs: number;
  mostMs: number;
  /** Having run this long, a program counts as well again. */
  wellMs: number;
  /** So many ends in a row before it was ever ready, and the start has failed. */
  attempts: number;
}
const BACKOFF: Backoff = { firstMs: 200, mostMs: 10_000, wellMs: 30_000, attempts: 5 };
const STOP_PATIENCE_MS = 12_000;

const Ready = z.object({ ready: z.literal(true), url: z.string() });

/** Runs one program, passes its log on with its name before each line, and starts it again with growing pauses when it ends. */
export class SupervisedProcess {
  #child: ChildProcess | undefined;
  #stopping = false;
  #wasReady = false;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #settle: { ready: (url: string) => void; failed: (error: Error) => void } | undefined;

  constructor(
    private readonly program: Program,
    private readonly voice: Voice,
    private readonly backoff: Backoff = BACKOFF,
  ) {}

  get name(): string {
    return this.program.name;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it and waits until it is ready; its address. Throws when it ends again and again before that. */
  start(): Promise<string> {
    return new Promise((ready, failed) => {
      this.#settle = { ready, failed };
      this.#spawn();
    });
  }

  /** From now on its end is expected, and it is not started again: a signal to the whole group reaches it before `stop` does. */
  letEnd(): void {
    this.#stopping = true;
    clearTimeout(this.#timer);
  }

  /** Asks it to finish and waits; kills it when it takes longer than twelve seconds. */
  async stop(): Promise<void> {
    this.letEnd();
    const child = this.#child;
    if (!child || hasEnded(child)) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGTERM");
    const late = setTimeout(() => {
      this.voice.warn(this.name, "did not stop in time and is killed");
      child.kill("SIGKILL");
    }, STOP_PATIENCE_MS);
    await gone;
    clearTimeout(late);
  }

  #spawn(): void {
    const { name, main, env, execArgv = [] } = this.program;
    const began = Date.now();
    const child = fork(main, [], { env, execArgv: [...execArgv], stdio: ["ignore", "pipe", "pipe", "ipc"] });
    this.#child = child;
    if (child.stdout) this.#passOn(child.stdout, "info");
    if (child.stderr) this.#passOn(child.stderr, "error");
    child.on("message", (message) => {
      const said = Ready.safeParse(message);
      if (said.success) this.#isReady(said.data.url, began);
    });
    child.on("error", (error) => this.voice.error(name, `could not be started: ${error.message}`));
    child.on("exit", (code, signal) => this.#hasEnded(signal ?? `exit code ${code}`, Date.now() - began));
  }

  #passOn(stream: Readable, otherwise: Level): void {
    createInterface({ input: stream, crlfDelay: Infinity }).on("line", (raw) => {
      if (raw === "") return;
      const { level, text } = readLogLine(raw, otherwise);
      if (/^(ready url=|Server listening at )/.test(text)) return; // said below, with the time it took
      const way =
        LEVELS.indexOf(level) >= LEVELS.indexOf("error") ? "error" : level === "warn" ? "warn" : level === "info" ? "info" : "debug";
      this.voice[way](this.name, text);
    });
  }

  #isReady(url: string, began: number): void {
    this.#wasReady = true;
    this.voice.info(this.name, `ready  ${url}  ${((Date.now() - began) / 1000).toFixed(1)} s`);
    this.#settle?.ready(url);
    this.#settle = undefined;
  }

  #hasEnded(how: string, livedMs: number): void {
    if (this.#stopping) return this.#settle?.failed(new Error(`${this.name} was stopped before it was ready`));
    this.#failures = livedMs > this.backoff.wellMs ? 1 : this.#failures + 1;
    if (!this.#wasReady && this.#failures >= this.backoff.attempts) {
      this.#settle?.failed(new Error(`${this.name} does not start: it ended ${this.#failures} times (${how}). What it said stands above`));
      this.#settle = undefined;
      return;
    }
    const pauseMs = Math.min(this.backoff.mostMs, this.backoff.firstMs * 2 ** (this.#failures - 1));
    this.voice.warn(this.name, `ended (${how}); starts again in ${pauseMs / 1000} s`);
    this.#timer = setTimeout(() => this.#spawn(), pauseMs);
  }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;
