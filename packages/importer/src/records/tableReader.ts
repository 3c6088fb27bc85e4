import { readCsv, type CsvRow } from "../csv/readCsv.js";
import type { Expectation, FieldSource, FileMapping, Kind } from "../mapping/mapping.js";
import { resolveFields } from "../mapping/resolveFields.js";
import type { Reason, Rejects } from "./rejects.js";

/** Thrown by a reader of rows for one that cannot be used. */
export class RowFault extends Error {
  constructor(readonly reason: Reason) {
    super(reason.kind);
  }
}

export const fault = (kind: string, detail?: string): never => {
  throw new RowFault({ kind, detail });
};

/** The text of a field in a row; empty when there is none. */
export type CellReader = (cells: readonly string[]) => string;

export interface Table<Field extends string> {
  header: string[];
  sources: Partial<Record<Field, FieldSource>>;
  /** The reader of a field; one that always gives "" when the file does not have it. */
  field(name: Field): CellReader;
  /** The reader of a source that is no field, such as an attribute. */
  source(source: FieldSource): CellReader;
  /** Calls back for each row; a RowFault that it throws becomes a line of the reject file. Gives the number of rows read. */
  each(use: (row: CsvRow) => void): Promise<number>;
}

export interface TableOptions {
  rejects: Rejects;
  onProgress?: (done: number, total: number) => void;
}

/** Opens a file of records under its mapping. Throws when a needed column cannot be found. */
export const openTable = async <Field extends string>(
  kind: Kind,
  file: string,
  mapping: FileMapping<Field>,
  { rejects, onProgress }: TableOptions,
): Promise<Table<Field>> => {
  let faults = 0;
  const { header, rows } = await readCsv(file, {
    delimiter: mapping.delimiter,
    encoding: mapping.encoding,
    ...(onProgress ? { onProgress } : {}),
    onFault: ({ line, raw, reason }) => {
      faults += 1;
      rejects.add(file, line, raw, { kind: reason });
    },
  });
  const sources = resolveFields(kind, file, header, mapping) as Partial<Record<Field, FieldSource>>;
  const checks = Object.entries(mapping.expect).map(([column, expectation]) => ({
    column,
    at: header.indexOf(column),
    isRight: EXPECTED[expectation],
    expectation,
  }));
  const check = (cells: readonly string[]): void => {
    for (const { column, at, isRight, expectation } of checks)
      if (!isRight.test((cells[at] ?? "").trim())) fault(`${column} is not ${SAID[expectation]}`, `"${cells[at] ?? ""}"`);
  };
  return {
    header,
    sources,
    field: (name) => readerOf(sources[name], header),
    source: (source) => readerOf(source, header),
    each: async (use) => {
      let count = 0;
      for await (const row of rows) {
        count += 1;
        try {
          check(row.cells);
          use(row);
        } catch (error) {
          if (!(error instanceof RowFault)) throw error;
          rejects.add(file, row.line, row.raw, error.reason);
        }
      }
      return count + faults;
    },
  };
};

const EXPECTED: Record<Expectation, RegExp> = { integer: /^-?\d+$/, number: /^-?\d+([.,]\d+)?$/, filled: /./ };
const SAID: Record<Expectation, string> = { integer: "an integer", number: "a number", filled: "filled" };

const readerOf = (source: FieldSource | undefined, header: readonly string[]): CellReader => {
  if (!source) return () => "";
  const { constant, empty = [], join = " " } = source;
  if (constant !== undefined) return () => constant;
  const otherwise = source.default ?? "";
  const places = source.columns.map((column) => header.indexOf(column));
  const none = new Set(empty);
  const [only] = places;
  const raw: CellReader =
    places.length === 1 ? (cells) => (cells[only!] ?? "").trim() : (cells) => places.map((place) => (cells[place] ?? "").trim()).join(join);
  return (cells) => {
    const text = raw(cells);
    return text === "" || none.has(text) ? otherwise : text;
  };
};
