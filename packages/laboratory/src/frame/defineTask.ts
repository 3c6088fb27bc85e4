import type { z } from "zod";
import type { ReadyTask, Task } from "./task.js";
import { WrongUsage } from "./wrongUsage.js";

/** Makes a task ready for the command line: what is typed is read by its schemas, and what does not fit is said by the option's name. */
export const defineTask = <Options extends z.ZodObject>(task: Task<Options>): ReadyTask => ({
  task,
  prepare: (given) => {
    const read = task.options.safeParse(given);
    if (!read.success) throw new WrongUsage(read.error.issues.map((issue) => wordsOf(issue, given)).join("\n"));
    const options = read.data;
    return { options, run: (bench) => task.run(options, bench) };
  },
});

const wordsOf = (issue: z.core.$ZodIssue, given: Readonly<Record<string, unknown>>): string => {
  const name = String(issue.path[0] ?? "");
  const value = given[name];
  return value === undefined ? `--${name} is missing` : `--${name} ${JSON.stringify(value)} ${issue.message}`;
};
