import { readCsv } from "@kava/importer/csv/readCsv";
import type { Progress } from "@kava/importer/terminal/progress";
import { closeSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { placeOf } from "../frame/options.js";
import { WrongData } from "../frame/wrongUsage.js";
import type { DataFile } from "./cells.js";
import { openParquet } from "./openParquet.js";

export interface OpenOptions {
  readonly cwd: string;
  readonly delimiter?: string | undefined;
  readonly progress: Progress;
}

/** Opens a table: Parquet, gzip and the sign between cells are told by its content, not its name. @throws WrongData naming the file */
export const openData = async (file: string, options: OpenOptions): Promise<DataFile> => {
  const path = placeOf(file, options.cwd);
  const start = beginning(path, file);
  const data = start === "PAR1" ? await openParquet(path, file, options.progress) : await openCsv(path, file, options);
  const twice = data.columns.find((column, at) => data.columns.indexOf(column) !== at);
  if (twice !== undefined) throw new WrongData(`${file} has two columns named "${twice}"; rename one of them in its header`);
  return data;
};

const openCsv = async (path: string, name: string, { delimiter, progress }: OpenOptions): Promise<DataFile> => {
  let hear: (line: number, reason: string) => void = () => {};
  const unreadable = (error: unknown): never => {
    throw new WrongData((error as Error).message.replaceAll(path, name), { cause: error });
  };
  const shown = { begun: false };
  const begin = (total: number): void => {
    if (shown.begun) return;
    shown.begun = true;
    progress.part(`reading ${basename(path)}`, total);
  };
  const { header, rows } = await readCsv(path, {
    delimiter: delimiter?.replaceAll("\\t", "\t"),
    onFault: ({ line, reason }) => hear(line, reason),
    onProgress: (done, total) => {
      begin(total);
      progress.at(done);
    },
  }).catch(unreadable);
  return {
    name,
    unit: "line",
    columns: header,
    async *read(wanted, onFault) {
      hear = onFault;
      const places = wanted.map((column) => header.indexOf(column));
      const each = rows[Symbol.asyncIterator]();
      for (let next = await each.next().catch(unreadable); !next.done; next = await each.next().catch(unreadable))
        yield { line: next.value.line, cells: places.map((place) => next.value.cells[place] ?? "") };
    },
  };
};

const beginning = (path: string, name: string): string => {
  const buffer = Buffer.alloc(4);
  let handle: number;
  try {
    handle = openSync(path, "r");
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new WrongData(
      missing ? `There is no file ${name} (looked for ${path})` : `${name} cannot be opened: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
  try {
    readSync(handle, buffer, 0, 4, 0);
    return buffer.toString("latin1");
  } catch (cause) {
    throw new WrongData(`${name} cannot be read: ${(cause as Error).message}`, { cause });
  } finally {
    closeSync(handle);
  }
};
