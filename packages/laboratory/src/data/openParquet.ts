import type { Progress } from "@kava/importer/terminal/progress";
import { asyncBufferFromFile, parquetMetadataAsync, parquetScan, parquetSchema } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { basename } from "node:path";
import { WrongData } from "../frame/wrongUsage.js";
import type { Cell, DataFile } from "./cells.js";

/** Opens a Parquet file. Only the columns that are asked for are read, one group of rows after the other. @throws WrongData when it is damaged */
export const openParquet = async (path: string, name: string, progress: Progress): Promise<DataFile> => {
  const damaged = (cause: unknown): never => {
    throw new WrongData(`${name} is no sound Parquet file: ${(cause as Error).message}`, { cause });
  };
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch(damaged);
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  return {
    name,
    unit: "row",
    columns,
    async *read(wanted) {
      progress.part(`reading ${basename(path)}`, Number(metadata.num_rows));
      const distinct = [...new Set(wanted)];
      const scan = await parquetScan({ file, metadata, columns: distinct, compressors }).catch(damaged);
      for (const range of scan.ranges) {
        const arrays: ArrayLike<unknown>[] = [];
        for (const column of wanted) arrays.push(await scan.readColumn({ ...range, column }).catch(damaged));
        for (let i = 0; i < range.rowEnd - range.rowStart; i++) {
          yield { line: range.rowStart + i + 1, cells: arrays.map((array) => cellOf(array[i])) };
          if (i % 65_536 === 0) progress.at(range.rowStart + i);
        }
      }
    },
  };
};

const cellOf = (value: unknown): Cell => {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || value instanceof Date) return value;
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  return JSON.stringify(value);
};
