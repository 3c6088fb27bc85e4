import { getPriority, setPriority } from "node:os";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";

/** Run from sources (in tests), a worker's imports of "./x.js" mean "./x.ts", as the compiler understands them. */
const SOURCE_IMPORTS = `import { registerHooks } from "node:module";
registerHooks({ resolve: (specifier, context, next) => next(/^\\.{1,2}\\//.test(specifier) && context.parentURL?.endsWith(".ts") ? specifier.replace(/\\.js$/, ".ts") : specifier, context) });`;

/** Arguments of Node.js that run a TypeScript file of this project as it stands (no decorators): for workers, and for the processes that tests kill. */
export const FROM_SOURCE: readonly string[] = [
  "--experimental-transform-types",
  "--disable-warning=ExperimentalWarning",
  "--conditions=source",
  "--import",
  `data:text/javascript,${encodeURIComponent(SOURCE_IMPORTS)}`,
];

export interface WorkerOptions {
  /** Megabytes that the computation may hold; more ends it with an error instead of the process. 1,024 unless told. */
  memoryMb?: number;
  /** Ends the computation at once, wherever it is; the promise is then rejected with the signal's reason. */
  signal?: AbortSignal;
  /** Hears what the computation says of how far it is. */
  onProgress?: (progress: WorkerProgress) => void;
}

/** How far a computation is: `done` of `total` of a step that it names. */
export interface WorkerProgress {
  step: string;
  done: number;
  total: number;
}

/** How much a computation stands back when there is more to do than the processor can: 0 not at all, 19 most. */
const NICENESS = 15;

/** What travels back from a worker: how far it is, any number of times, then what it found. */
type Message<Output> = { progress: WorkerProgress } | { output: Output };

/**
 * Computes in a thread of its own, so that requests do not wait. `entry`: the compiled module whose top level calls `answerAsWorker`, as
 * `new URL("./fit.js", import.meta.url)`; run from sources it finds the `.ts` beside it. Input and output are copied (structured clone).
 * Rejects with the error that the computation threw.
 */
export const runInWorker = <Output>(
  entry: URL,
  input: unknown,
  { memoryMb = 1_024, signal, onProgress }: WorkerOptions = {},
): Promise<Output> =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const source = entry.href.includes("/src/");
    const worker = new Worker(source ? new URL(entry.href.replace(/\.js$/, ".ts")) : entry, {
      workerData: input,
      execArgv: source ? [...FROM_SOURCE] : [],
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    const cancel = () => {
      reject(signal?.reason);
      void worker.terminate();
    };
    signal?.addEventListener("abort", cancel, { once: true });
    worker.on("message", (message: Message<Output>) => {
      if ("progress" in message) return onProgress?.(message.progress);
      resolve(message.output);
      void worker.terminate();
    });
    worker.once("error", reject);
    worker.once("exit", (code) => {
      signal?.removeEventListener("abort", cancel);
      reject(new Error(`The worker ${entry.pathname} ended with code ${code} before it answered`));
    });
  });

/** The whole of a worker's top level: computes what the main thread asked for. Does nothing when the module is imported elsewhere. */
export const answerAsWorker = <Input, Output>(
  compute: (input: Input, report: (progress: WorkerProgress) => void) => Output,
  moved: (output: Output) => ArrayBuffer[] = () => [],
): void => {
  if (isMainThread || !parentPort) return;
  const port = parentPort;
  // requests come first; elsewhere than on Linux a priority is that of the whole process
  if (process.platform === "linux") setPriority(Math.max(NICENESS, getPriority()));
  const output = compute(workerData as Input, (progress) => port.postMessage({ progress }));
  port.postMessage({ output }, moved(output));
};
