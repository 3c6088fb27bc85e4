import { GrowingArray } from "@kava/importer/records/growingArray";
import { didYouMean } from "../frame/nearest.js";
import { WrongData, WrongUsage } from "../frame/wrongUsage.js";
import { textOf, type Cell, type DataFile } from "./cells.js";
import { Unreadable, type CellReader } from "./readers.js";

/** Columns of a table as numbers, all of the same length. */
export interface Columns<Name extends string> {
  readonly rows: number;
  readonly values: Readonly<Record<Name, Float64Array>>;
  /** What was left out, in words, for the notes; empty when nothing was. */
  readonly leftOut: readonly string[];
}

export interface ReadOptions<Name extends string> {
  /** Columns that may be empty: their cell is then NaN. A row that is empty in another is left out. */
  readonly optional?: readonly Name[];
  /** Leave out rows that cannot be read, instead of throwing for the first. */
  readonly skipWrong?: boolean;
  /** Rows for which it answers false are left out silently. */
  readonly keep?: (row: Readonly<Record<Name, number>>) => boolean;
}

/** More rows would not fit into the memory of a usual machine beside what is made of them. */
const MOST_ROWS = 50_000_000;

/**
 * Reads the columns that are needed, streaming, and keeps nothing else.
 *
 * @throws WrongUsage for a column that is not there (with the nearest name), WrongData for a cell that cannot be read (with line and column)
 */
export const readColumns = async <Name extends string>(
  data: DataFile,
  readers: Readonly<Record<Name, CellReader>>,
  { optional = [], skipWrong = false, keep = () => true }: ReadOptions<Name> = {},
): Promise<Columns<Name>> => {
  const names = Object.keys(readers) as Name[];
  const wanted = names.flatMap((name) => [...readers[name].columns]);
  requireColumns(data, wanted);
  const values = names.map(() => new GrowingArray());
  const left = new LeftOut(data, skipWrong);
  const row = names.map((name) => ({ name, reader: readers[name], mayBeEmpty: optional.includes(name), value: 0 }));
  const named = {} as Record<Name, number>;
  let count = 0;
  for await (const { line, cells } of data.read(wanted, (at, reason) => left.fault(at, reason))) {
    left.throwFault();
    if (!readRow(row, cells, line, left)) continue;
    for (const { name, value } of row) named[name] = value;
    if (!keep(named)) continue;
    row.forEach(({ value }, i) => values[i]!.push(value));
    if (++count > MOST_ROWS)
      throw new WrongData(`${data.name} has more than ${MOST_ROWS.toLocaleString("en-US")} rows; give a sample of it`);
  }
  left.throwFault();
  if (count === 0)
    throw new WrongData(
      `${data.name} has no row that can be used${left
        .words()
        .map((words) => `; ${words}`)
        .join("")}`,
    );
  return {
    rows: count,
    values: Object.fromEntries(names.map((name, i) => [name, values[i]!.toArray()])) as Record<Name, Float64Array>,
    leftOut: left.words(),
  };
};

/** @throws WrongUsage naming the column that is not there, the nearest that is, and all */
export const requireColumns = (data: DataFile, wanted: readonly string[]): void => {
  const missing = wanted.find((column) => !data.columns.includes(column));
  if (missing === undefined) return;
  throw new WrongUsage(
    `${data.name} has no column "${missing}"${didYouMean(missing, data.columns)}\nIts columns are: ${data.columns.join(", ")}`,
  );
};

/** The columns that an option names: one, or several with commas between. A name with a comma in it that is there counts as one. */
export const columnsNamed = (data: DataFile, given: string): string[] =>
  data.columns.includes(given) ? [given] : given.split(",").map((name) => name.trim());

interface RowReader {
  reader: CellReader;
  mayBeEmpty: boolean;
  value: number;
}

/** Reads a row into `value` of each; false when it is left out. */
const readRow = (row: RowReader[], cells: readonly Cell[], line: number, left: LeftOut): boolean => {
  let at = 0;
  for (const part of row) {
    const own = cells.slice(at, (at += part.reader.columns.length));
    try {
      part.value = part.reader.read(own);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      left.wrong(line, part.reader.columns.join(","), error);
      return false;
    }
    if (Number.isNaN(part.value) && !part.mayBeEmpty) {
      left.empty(part.reader.columns.join(","));
      return false;
    }
  }
  return true;
};

/** Rows that are not used, and why. */
class LeftOut {
  #wrong = 0;
  #first = "";
  #fault: WrongData | undefined;
  readonly #empty = new Map<string, number>();
  constructor(
    private readonly data: DataFile,
    private readonly skipWrong: boolean,
  ) {}

  wrong(line: number, column: string, { cell, expected }: Unreadable): void {
    this.#refuse(`${this.data.name}, ${this.data.unit} ${line}, column "${column}": "${textOf(cell)}" is not ${expected}`);
    this.throwFault();
  }

  /** Heard from inside the parser, where nothing may be thrown. */
  fault(line: number, reason: string): void {
    this.#refuse(`${this.data.name}, ${this.data.unit} ${line}: ${reason}`);
  }

  throwFault(): void {
    if (this.#fault) throw this.#fault;
  }

  empty(column: string): void {
    this.#empty.set(column, (this.#empty.get(column) ?? 0) + 1);
  }

  words(): string[] {
    const count = (rows: number): string => (rows === 1 ? "1 row was" : `${rows.toLocaleString("en-US")} rows were`);
    return [
      ...[...this.#empty].map(([column, rows]) => `${count(rows)} left out because "${column}" is empty`),
      ...(this.#wrong > 0 ? [`${count(this.#wrong)} left out because they cannot be read; the first: ${this.#first}`] : []),
    ];
  }

  #refuse(message: string): void {
    this.#wrong += 1;
    this.#first ||= message;
    if (!this.skipWrong) this.#fault ??= new WrongData(`${message}.\nMend it, or leave out what cannot be read with --skip-wrong`);
  }
}
