import { parseArgs, type ParseArgsConfig } from "node:util";
import type { z } from "zod";
import { didYouMean } from "./nearest.js";
import { COMMON } from "./help.js";
import type { ReadyTask } from "./task.js";
import { WrongUsage } from "./wrongUsage.js";

export interface CommandLine {
  readonly json: string | undefined;
  readonly report: string | undefined;
  readonly help: boolean;
  /** The texts of the task's own options. */
  readonly given: Readonly<Record<string, string | boolean>>;
}

/** Reads what follows the task's name. @throws WrongUsage naming the option and the one that was probably meant */
export const readCommandLine = ({ task }: ReadyTask, rest: readonly string[]): CommandLine => {
  const shape = task.options.shape as Record<string, z.ZodType>;
  const names = [...Object.keys(shape), ...Object.keys(COMMON)];
  const isFlag = (name: string): boolean => name === "help" || shape[name]?.safeParse(true).success === true;
  const options: NonNullable<ParseArgsConfig["options"]> = Object.fromEntries(
    names.map((name) => [name, { type: isFlag(name) ? "boolean" : "string", ...(name === "help" ? { short: "h" } : {}) }]),
  );
  const { values, tokens } = parse(rest, options);
  for (const token of tokens) {
    if (token.kind === "positional") throw new WrongUsage(`"${token.value}" stands alone: options begin with --`);
    if (token.kind !== "option") continue;
    if (!names.includes(token.name)) throw new WrongUsage(`${task.name} has no option ${token.rawName}${meantOption(token.name, names)}`);
    if (!isFlag(token.name) && (token.value === undefined || (!token.inlineValue && token.value.startsWith("--"))))
      throw new WrongUsage(`--${token.name} needs a value`);
  }
  const { json, report, help, ...given } = values as Record<string, string | boolean>;
  return { json: textOf(json), report: textOf(report), help: help === true, given };
};

const parse = (rest: readonly string[], options: NonNullable<ParseArgsConfig["options"]>) => {
  try {
    return parseArgs({ args: [...rest], options, strict: false, allowPositionals: true, tokens: true });
  } catch (error) {
    throw new WrongUsage((error as Error).message, { cause: error });
  }
};

const textOf = (value: string | boolean | undefined): string | undefined => (typeof value === "string" ? value : undefined);

const meantOption = (name: string, names: readonly string[]): string => {
  const meant = didYouMean(name, names);
  return meant.replace('"', '"--');
};
