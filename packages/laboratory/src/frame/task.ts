import type { Progress } from "@kava/importer/terminal/progress";
import type { z } from "zod";
import type { Findings } from "./findings.js";

/** What a task may use beside its options. */
export interface Bench {
  /** What is under way; anything that takes over a second is a part of it. */
  readonly progress: Progress;
  /** The folder against which files are named. */
  readonly cwd: string;
}

/** One evaluation of the laboratory: a file in tasks/. */
export interface Task<Options extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** One line for the list of tasks. */
  readonly summary: string;
  /** Keys are the options' names as typed; each schema reads the text given and carries its help. See options.ts. */
  readonly options: Options;
  /** A command that shows it. */
  readonly example: string;
  /** @throws WrongUsage, WrongData */
  run(options: z.output<Options>, bench: Bench): Promise<Findings>;
}

/** A task whose options have been read and checked. */
export interface ReadyTask {
  readonly task: Pick<Task, "name" | "summary" | "options" | "example">;
  /** Reads and checks the texts given, then answers how to run. @throws WrongUsage */
  prepare(given: Readonly<Record<string, unknown>>): ReadyRun;
}

export interface ReadyRun {
  /** As read, with what was not given. */
  readonly options: object;
  run(bench: Bench): Promise<Findings>;
}
