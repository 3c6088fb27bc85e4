/** One value of a table as it was read: CSV gives text, Parquet what it holds. Null and "" are empty. */
export type Cell = string | number | Date | null;

export interface DataRow {
  /** Line of a CSV file (the header is 1), row of a Parquet file (from 1). */
  readonly line: number;
  /** In the order of the columns that were asked for. */
  readonly cells: readonly Cell[];
}

/** A table that can be read once, row by row. */
export interface DataFile {
  /** As it was named on the command line. */
  readonly name: string;
  /** "line" or "row": what `DataRow.line` counts. */
  readonly unit: "line" | "row";
  readonly columns: readonly string[];
  /** Rows that are not of the table's shape are given to `onFault`. @throws Error naming the file when it is damaged */
  read(wanted: readonly string[], onFault: (line: number, reason: string) => void): AsyncIterable<DataRow>;
}

/** Words for "no value" that tables are full of. */
const NOTHING = new Set(["", "na", "n/a", "nan", "null", "none", "-", "?"]);

export const isEmpty = (cell: Cell): boolean =>
  cell === null || (typeof cell === "string" ? NOTHING.has(cell.trim().toLowerCase()) : Number.isNaN(Number(cell)));

/** A cell as text: keys and categories. */
export const textOf = (cell: Cell): string => (cell instanceof Date ? cell.toISOString() : String(cell ?? "").trim());
