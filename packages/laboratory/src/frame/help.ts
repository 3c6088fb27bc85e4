import { z } from "zod";
import type { ReadyTask } from "./task.js";

/** Options of every task. */
export const COMMON = {
  json: "write everything that was found to FILE",
  report: "write a page with tables and plots to FILE; it opens without a network",
  help: "this help",
} as const;

const WIDTH = 26;

/** The list of tasks. */
export const listOfTasks = (tasks: readonly ReadyTask[]): string =>
  [
    "npm run evaluate -- TASK [options] [--json FILE] [--report FILE]",
    "",
    "Tasks:",
    ...tasks.map(({ task }) => `  ${task.name.padEnd(12)} ${task.summary}`),
    "",
    "npm run evaluate -- TASK --help shows the options of a task.",
  ].join("\n");

/** The help of one task. */
export const helpOf = ({ task }: ReadyTask): string => {
  const entries = Object.entries(task.options.shape as Record<string, z.ZodType>).map(([name, schema]) => {
    const { value, description = "" } = shownOf(schema);
    const given = schema.safeParse(undefined);
    const required = !given.success;
    const otherwise = given.success && given.data !== undefined && given.data !== false ? ` (default ${JSON.stringify(given.data)})` : "";
    return { required, line: `  ${`--${name}${value ? ` ${value}` : ""}`.padEnd(WIDTH)} ${description}${otherwise}` };
  });
  return [
    `npm run evaluate -- ${task.name}`,
    "",
    `${task.summary}.`,
    "",
    "Needed:",
    ...entries.filter(({ required }) => required).map(({ line }) => line),
    "",
    "Also:",
    ...entries.filter(({ required }) => !required).map(({ line }) => line),
    ...Object.entries(COMMON).map(
      ([name, description]) => `  ${`--${name}${name === "help" ? "" : " FILE"}`.padEnd(WIDTH)} ${description}`,
    ),
    "",
    "For example:",
    `  ${task.example}`,
  ].join("\n");
};

/** What the help says of an option; a schema inside of those that make it optional may keep it. */
const shownOf = (schema: z.core.$ZodType): { value?: string; description?: string } => {
  const shown = z.globalRegistry.get(schema) as { value?: string; description?: string } | undefined;
  const isWrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;
  return shown ?? (isWrapped ? shownOf(schema.def.innerType) : {});
};
