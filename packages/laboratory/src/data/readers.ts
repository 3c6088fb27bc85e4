/** How cells become numbers: keys are numbered, dates are milliseconds. Each reader answers NaN for an empty cell and throws Unreadable. */
import { momentReader, type ReadMoment } from "@kava/importer/values/readMoment";
import { readMoney } from "@kava/importer/values/readMoney";
import { WrongUsage } from "../frame/wrongUsage.js";
import { isEmpty, textOf, type Cell } from "./cells.js";

/** The cell is not what its column should hold. */
export class Unreadable extends Error {
  constructor(
    readonly cell: Cell,
    readonly expected: string,
  ) {
    super(expected);
  }
}

export interface CellReader {
  /** The columns whose cells it takes, as the option names them. */
  readonly columns: readonly string[];
  read(cells: readonly Cell[]): number;
}

/** Numbers every different key; with several columns they make the key together. */
export class KeyReader implements CellReader {
  readonly names: string[] = [];
  readonly #codes = new Map<string, number>();
  constructor(
    readonly columns: readonly string[],
    /** Texts that stand for "nobody". */
    private readonly nothing: readonly string[] = [],
  ) {}

  read(cells: readonly Cell[]): number {
    if (cells.some((cell) => isEmpty(cell) || this.nothing.includes(textOf(cell)))) return Number.NaN;
    const key = cells.length === 1 ? textOf(cells[0]!) : cells.map(textOf).join(" · ");
    const known = this.#codes.get(key);
    if (known !== undefined) return known;
    this.#codes.set(key, this.names.length);
    return this.names.push(key) - 1;
  }
}

/** Amounts and counts, also as people write them: "$18.00 ", "1,234.50". */
export class NumberReader implements CellReader {
  constructor(readonly columns: readonly string[]) {}

  read([cell = null]: readonly Cell[]): number {
    if (isEmpty(cell)) return Number.NaN;
    const value = numberOf(cell);
    if (value === null) throw new Unreadable(cell, "a number");
    return value;
  }
}

/** The number that a cell holds; null when it is none or not finite. */
export const numberOf = (cell: Cell): number | null => {
  if (cell instanceof Date) return cell.getTime();
  const plain = Number(cell);
  if (Number.isFinite(plain)) return plain;
  const money = typeof cell === "string" && /\d/.test(cell) ? readMoney(cell, 4) : null;
  return money === null ? null : money / 10_000;
};

const GUESSED_FORMATS = ["iso", "yyyyMMdd", "yyyy/MM/dd", "yyyy/M/d", "yyyy-MM-dd H:mm", "yyyy/MM/dd H:mm:ss"];

/** Moments. Without a format, those that can be read in one way only are told from the first cell. */
export class DateReader implements CellReader {
  #read: ReadMoment | undefined;
  constructor(
    readonly columns: readonly string[],
    private readonly format: string | undefined,
  ) {
    if (format !== undefined) this.#read = readerOf(format);
  }

  read([cell = null]: readonly Cell[]): number {
    if (isEmpty(cell)) return Number.NaN;
    if (cell instanceof Date) return cell.getTime();
    const text = textOf(cell);
    this.#read ??= GUESSED_FORMATS.map(momentReader).find((read) => read(text) !== null);
    if (!this.#read) throw new Unreadable(cell, "a date that can be told; say how dates are written, such as --date-format d/M/yyyy");
    const moment = this.#read(text);
    if (moment === null)
      throw new Unreadable(cell, this.format === undefined ? "a date written as those before it" : `a date written ${this.format}`);
    return moment.ms;
  }
}

const readerOf = (format: string): ReadMoment => {
  try {
    return momentReader(format);
  } catch (cause) {
    throw new WrongUsage(`--date-format ${format}: ${(cause as Error).message}`, { cause });
  }
};
