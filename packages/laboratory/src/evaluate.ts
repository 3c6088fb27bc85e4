import type { Progress } from "@kava/importer/terminal/progress";
import { writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { readCommandLine } from "./frame/commandLine.js";
import type { Making } from "./frame/findings.js";
import { helpOf, listOfTasks } from "./frame/help.js";
import { didYouMean } from "./frame/nearest.js";
import { placeOf } from "./frame/options.js";
import type { ReadyTask } from "./frame/task.js";
import { WrongData, WrongUsage } from "./frame/wrongUsage.js";
import { htmlReport } from "./report/html.js";
import { jsonReport } from "./report/json.js";
import { textReport } from "./report/text.js";
import { tasks } from "./tasks.js";

/** Where an evaluation speaks and what time it is; tests give their own. */
export interface Surroundings {
  readonly cwd: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly progress: Progress;
  readonly now: () => Date;
}

/** Runs `npm run evaluate -- …`. Gives the exit code: 0, 2 for wrong usage (said with the help), 1 for data that cannot be used. */
export const evaluate = async (given: readonly string[], surroundings: Surroundings): Promise<number> => {
  const { out, err } = surroundings;
  const [name, ...rest] = given;
  if (name === undefined || name === "--help" || name === "-h") {
    (name === undefined ? err : out)(`${listOfTasks(tasks)}\n`);
    return name === undefined ? 2 : 0;
  }
  const ready = tasks.find(({ task }) => task.name === name);
  if (!ready) {
    const meant = didYouMean(
      name,
      tasks.map(({ task }) => task.name),
    );
    err(`There is no task "${name}"${meant}\n\n${listOfTasks(tasks)}\n`);
    return 2;
  }
  try {
    return await perform(ready, rest, surroundings);
  } catch (error) {
    surroundings.progress.end();
    if (error instanceof WrongUsage) err(`${error.message}\n\n${helpOf(ready)}\n`);
    // the algorithms refuse what does not fit with a RangeError that says so
    else if (error instanceof WrongData || error instanceof RangeError) err(`${error.message}\n`);
    else throw error;
    return error instanceof WrongUsage ? 2 : 1;
  }
};

const perform = async (ready: ReadyTask, rest: readonly string[], { cwd, out, err, progress, now }: Surroundings): Promise<number> => {
  const { json, report, help, given } = readCommandLine(ready, rest);
  if (help) {
    out(`${helpOf(ready)}\n`);
    return 0;
  }
  const { options, run } = ready.prepare(given);
  for (const file of [json, report]) await requireWritable(file, cwd); // said before the work, not after it
  const began = now();
  const findings = await run({ progress, cwd });
  const madeAt = now();
  progress.end();
  const command = ["npm run evaluate --", ready.task.name, ...rest.map(quoted)].join(" ");
  const making: Making = { command, madeAt, seconds: (madeAt.getTime() - began.getTime()) / 1000 };
  out(`${textReport(findings)}\n`);
  if (json !== undefined) await writeFile(placeOf(json, cwd), jsonReport(ready.task.name, options, findings, making));
  if (report !== undefined) await writeFile(placeOf(report, cwd), htmlReport(findings, making));
  for (const { file, content } of findings.documents ?? []) await writeFile(file, content(making));
  const documents = (findings.documents ?? []).map(({ file }) => relative(cwd, file) || file);
  for (const file of [json, report, ...documents]) if (file !== undefined) err(`written: ${file}\n`);
  return 0;
};

const requireWritable = async (file: string | undefined, cwd: string): Promise<void> => {
  if (file === undefined) return;
  try {
    await writeFile(placeOf(file, cwd), "", { flag: "a" });
  } catch (cause) {
    throw new WrongUsage(`${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
};

const quoted = (argument: string): string => (/^[\w./:=,@+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`);
