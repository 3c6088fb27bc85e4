import { spawn } from "node:child_process";

/** What a program took, all its threads together. */
export interface Taken {
  readonly wallSeconds: number;
  readonly processorSeconds: number;
  /** Resident memory at its peak, mebibytes. */
  readonly peakMb: number;
  readonly output: string;
}

const MARK = "measured:";
/** Run inside the program before it: at the end of its main thread it writes what the whole process took as the last line. */
const METER = `import { isMainThread } from "node:worker_threads";
import { writeSync } from "node:fs";
if (isMainThread) process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeSync(2, "\\n${MARK}" + JSON.stringify({ processorSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMb: maxRSS / 1024 }) + "\\n");
});`;

/** Runs a program of the project on this Node.js. Throws with what it complained of when it fails. */
export const runMeasured = (program: string, args: readonly string[]): Promise<Taken> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(METER)}`, program, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let wrong = "";
    child.stdout.on("data", (text: Buffer) => (output += text.toString()));
    child.stderr.on("data", (text: Buffer) => (wrong += text.toString()));
    child.once("error", reject);
    child.once("close", (code) => {
      const found = wrong.slice(wrong.lastIndexOf(MARK) + MARK.length);
      if (code !== 0 || !wrong.includes(MARK)) return reject(new Error(`${program} ended with code ${code}:\n${wrong.slice(-2_000)}`));
      const usage = JSON.parse(found) as Pick<Taken, "processorSeconds" | "peakMb">;
      resolve({ ...usage, wallSeconds: (performance.now() - began) / 1000, output });
    });
  });
