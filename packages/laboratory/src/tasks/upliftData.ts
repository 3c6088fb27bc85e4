import type { Matrix } from "@kava/algorithms/matrix";
import { createRandom, shuffledIndices } from "@kava/algorithms/random";
import { numberOf, NumberReader, type CellReader } from "../data/readers.js";
import { textOf, type Cell, type DataFile } from "../data/cells.js";
import { FeatureReader, type Feature } from "../data/featureReader.js";
import { readColumns, requireColumns, type Columns } from "../data/readColumns.js";
import { nearest } from "../frame/nearest.js";
import { WrongData, WrongUsage } from "../frame/wrongUsage.js";

interface Choice {
  readonly column: string;
  readonly value: string;
}

export interface TrialColumns {
  readonly treatment: Choice;
  readonly control: Choice;
  readonly outcome: string;
  /** A column, or a number: what treating a row costs, in units of the outcome. */
  readonly cost: string | undefined;
  /** All other columns unless told. */
  readonly features: readonly string[] | undefined;
  readonly mostRows: number;
  readonly seed: number;
  readonly skipWrong: boolean;
}

/** A trial from a table. Arrays lie in shared memory: workers read them without a copy. */
export interface TrialData {
  readonly features: Matrix;
  readonly featureNames: readonly string[];
  readonly treated: Uint8Array;
  /** Less the cost, for the treated. */
  readonly outcomes: Float64Array;
  /** Outcomes are 0 and 1. */
  readonly binary: boolean;
  /** Rows of the trial in the table; more than outcomes where a sample was drawn. */
  readonly rowsInTable: number;
  readonly notes: readonly string[];
}

/** Is the cell this value? Kept are the first values that are not, to say what there is. */
class ChoiceReader implements CellReader {
  readonly columns: readonly string[];
  readonly others = new Set<string>();
  constructor(private readonly choice: Choice) {
    this.columns = [choice.column];
  }

  read([cell = null]: readonly Cell[]): number {
    const text = textOf(cell);
    const { value } = this.choice;
    if (text === value || (value !== "" && text !== "" && numberOf(text) !== null && numberOf(text) === numberOf(value))) return 1;
    if (this.others.size < 20) this.others.add(text);
    return 0;
  }

  notFound(file: string): WrongUsage {
    const values = [...this.others];
    const near = nearest(this.choice.value, values);
    const meant = near === undefined ? "" : `; did you mean "${near}"?`;
    return new WrongUsage(
      `${file} has no row whose "${this.choice.column}" is "${this.choice.value}"${meant}\nThere are: ${values.map((value) => (value === "" ? "(empty)" : value)).join(", ")}`,
    );
  }
}

/** More would not fit into memory. */
const MOST_NUMBERS = 150_000_000;

/** Reads the rows of both groups. @throws WrongUsage, WrongData */
export const readTrial = async (data: DataFile, columns: TrialColumns): Promise<TrialData> => {
  const { treatment, control, outcome, cost, skipWrong } = columns;
  const fixedCost = cost === undefined ? 0 : data.columns.includes(cost) ? null : numberOf(cost);
  if (cost !== undefined && fixedCost === null) requireColumns(data, [cost]);
  const known = [treatment.column, control.column, outcome, ...(fixedCost === null ? [cost!] : [])];
  const named = columns.features ?? othersOf(data, known);
  const twice = named.find((name) => known.includes(name));
  if (twice !== undefined)
    throw new WrongUsage(
      `--features has "${twice}", which is the treatment, the outcome or the cost: name what was known before the offer`,
    );
  if (named.length === 0) throw new WrongUsage("There is no column left to tell customers apart by; name some with --features");
  const groups = { given: new ChoiceReader(treatment), without: new ChoiceReader(control) };
  const features = named.map((name) => new FeatureReader(name));
  const readers: Record<string, CellReader> = {
    treated: groups.given,
    control: groups.without,
    outcome: new NumberReader([outcome]),
    ...(fixedCost === null ? { cost: new NumberReader([cost!]) } : {}),
    ...Object.fromEntries(features.map((reader, i) => [`feature ${i}`, reader])),
  };
  const optional = Object.keys(readers).filter((name) => name === "cost" || name.startsWith("feature "));
  const keep = (row: Readonly<Record<string, number>>): boolean => row["treated"] === 1 || row["control"] === 1;
  const read = await readColumns(data, readers, { optional, skipWrong, keep }).catch((error: unknown) => {
    const isEmpty = error instanceof WrongData && error.message.includes("no row that can be used");
    throw isEmpty && groups.given.others.size > 0 ? groups.given.notFound(data.name) : error;
  });
  requireBothGroups(data.name, read.values, groups);
  return trialOf(data.name, read, features, fixedCost, columns);
};

const requireBothGroups = (
  file: string,
  { treated, control }: Readonly<Record<string, Float64Array>>,
  { given, without }: { given: ChoiceReader; without: ChoiceReader },
): void => {
  if (sum(treated!) === 0) throw given.notFound(file);
  if (sum(control!) === 0) throw without.notFound(file);
  if (treated!.some((mark, row) => mark === 1 && control![row] === 1))
    throw new WrongUsage("Some rows are both treatment and control; --treatment and --control must tell them apart");
};

const trialOf = (
  file: string,
  { rows: rowsInTable, values, leftOut }: Columns<string>,
  readers: readonly FeatureReader[],
  fixedCost: number | null,
  { mostRows, seed }: TrialColumns,
): TrialData => {
  const { encoded, notes } = encodedFeatures(readers.map((reader, i) => reader.feature(values[`feature ${i}`]!)));
  const rows = sampled(rowsInTable, mostRows, seed);
  const width = encoded.length;
  if (rows.length * width > MOST_NUMBERS)
    throw new WrongData(
      `${file} makes ${rows.length.toLocaleString("en-US")} rows of ${width} features, more than fit into memory; name fewer with --features`,
    );
  const matrix = shared(rows.length * width);
  encoded.forEach(({ valueOf }, c) => rows.forEach((row, i) => (matrix[i * width + c] = valueOf(row))));
  const treated = Uint8Array.from(rows, (row) => values["treated"]![row]!);
  const costOf = (row: number): number => fixedCost ?? (Number.isNaN(values["cost"]![row]!) ? 0 : values["cost"]![row]!);
  const outcomes = Float64Array.from(rows, (row, i) => values["outcome"]![row]! - (treated[i] === 1 ? costOf(row) : 0));
  return {
    features: { rows: rows.length, columns: width, values: matrix },
    featureNames: encoded.map(({ name }) => name),
    treated,
    outcomes,
    binary: outcomes.every((y) => y === 0 || y === 1),
    rowsInTable,
    notes: [...notes, ...leftOut],
  };
};

const othersOf = (data: DataFile, used: readonly string[]): string[] => data.columns.filter((column) => !used.includes(column));

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

const shared = (length: number): Float64Array => new Float64Array(new SharedArrayBuffer(8 * length));

const sampled = (rows: number, most: number, seed: number): Uint32Array =>
  rows <= most
    ? Uint32Array.from({ length: rows }, (_, row) => row)
    : shuffledIndices(createRandom(seed, "laboratory", "sample"), rows, most)
        .slice()
        .sort();

interface Encoded {
  readonly name: string;
  valueOf(row: number): number;
}

/** Levels of a category that get a column of their own. */
const MOST_LEVELS = 20;

/** Numbers as they are; categories as a column of 0 and 1 for each frequent level; what never varies or names rows is left out. */
const encodedFeatures = (features: readonly Feature[]): { encoded: Encoded[]; notes: string[] } => {
  const notes: string[] = [];
  const encoded = features.flatMap(({ name, numbers, levels, codes }): Encoded[] => {
    if (numbers !== null) {
      if (varies(numbers)) return [{ name, valueOf: (row) => numbers[row]! }];
      notes.push(`"${name}" is left out: it is the same in all rows`);
      return [];
    }
    if (levels.length === 1 && codes!.every((code) => code === 0)) {
      notes.push(`"${name}" is left out: it is a text that is the same in all rows`);
      return [];
    }
    if (levels.length > 50 && levels.length > codes!.length / 2) {
      notes.push(`"${name}" is left out: it is a text that is different in most rows`);
      return [];
    }
    if (levels.length > MOST_LEVELS) notes.push(`"${name}" has ${levels.length} values; the ${MOST_LEVELS} most frequent are told apart`);
    return levels
      .slice(0, MOST_LEVELS)
      .map((level, code) => ({ name: `${name} = ${level}`, valueOf: (row) => (codes![row] === code ? 1 : 0) }));
  });
  if (encoded.length === 0) throw new WrongData(`No feature is left to tell customers apart by. ${notes.join(". ")}`);
  return { encoded, notes };
};

const varies = (numbers: Float64Array): boolean => {
  const first = numbers[0]!;
  return numbers.some((value) => value !== first && !(Number.isNaN(value) && Number.isNaN(first)));
};
