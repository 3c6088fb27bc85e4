import { spawn } from "node:child_process";

/** The first that has what is asked for; the second is Debian's own, for which a version manager's may stand in the way. */
const INTERPRETERS = ["python3", "/usr/bin/python3"];

/**
 * Runs a script in Python on one thread. It finds the question as JSON in `sys.argv[1]` and prints its answer as JSON. Gives the reason, as text, where no
 * Python has the modules that it needs.
 *
 * @throws Error when the script itself fails
 */
export const askPython = async <Answer extends object>(
  script: string,
  modules: readonly string[],
  question: unknown,
): Promise<Answer | string> => {
  let reason = "";
  for (const interpreter of INTERPRETERS) {
    const found = await runScript(interpreter, `import ${modules.join(", ")}`, "");
    if (found.code !== 0) {
      reason ||= found.wrong;
      continue;
    }
    const { code, said, wrong } = await runScript(interpreter, script, JSON.stringify(question));
    if (code !== 0) throw new Error(`The script in Python ended with code ${code}: ${wrong}`);
    return JSON.parse(said) as Answer;
  }
  return reason;
};

interface Ended {
  code: number | null;
  said: string;
  /** The last line of what it complained of. */
  wrong: string;
}

/** Before anything is imported: the libraries look once. */
const ONE_THREAD = `import os
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"): os.environ[name] = "1"
`;

const runScript = (interpreter: string, script: string, question: string): Promise<Ended> =>
  new Promise((resolve) => {
    const python = spawn(interpreter, ["-c", ONE_THREAD + script, question], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    let wrong = "";
    python.stdout.on("data", (text: Buffer) => (said += text.toString()));
    python.stderr.on("data", (text: Buffer) => (wrong += text.toString()));
    python.once("error", (error) => resolve({ code: null, said, wrong: `${interpreter} cannot be started (${error.message})` }));
    python.once("close", (code) => resolve({ code, said, wrong: wrong.trim().split("\n").at(-1) ?? "" }));
  });
