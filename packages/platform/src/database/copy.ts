import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import { from as copyFrom } from "pg-copy-streams";
import type { Transaction } from "./sql.js";

export type CopyValue = string | number | boolean | Date | null | object;

const ESCAPES: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** One value in COPY's text format; objects become JSON. */
const cell = (value: CopyValue): string => {
  if (value === null) return "\\N";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = value instanceof Date ? value.toISOString() : typeof value === "string" ? value : JSON.stringify(value);
  return text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character]!);
};

/** Streams rows into a table with COPY: `columns` in the order of each row's values. Returns how many rows went in. */
export const copyRows = async (
  tx: Transaction,
  table: string,
  columns: readonly string[],
  rows: AsyncIterable<readonly CopyValue[]> | Iterable<readonly CopyValue[]>,
): Promise<number> => {
  let count = 0;
  const lines = async function* (): AsyncGenerator<string> {
    let chunk = "";
    for await (const row of rows) {
      count += 1;
      chunk += `${row.map(cell).join("\t")}\n`;
      if (chunk.length > 65_536) {
        yield chunk;
        chunk = "";
      }
    }
    if (chunk) yield chunk;
  };
  await pipeline(Readable.from(lines()), tx.client.query(copyFrom(`COPY ${table} (${columns.join(", ")}) FROM STDIN`)));
  return count;
};
