/** What a task found, in the order in which it is read: tables and plots, then what a reader must know to believe them. */
export interface Findings {
  readonly title: string;
  /** One or two sentences: what was done to which data. */
  readonly lead: string;
  readonly parts: readonly (Table | Plot)[];
  readonly notes: readonly string[];
  /** Everything that was found, for the JSON file; numbers unrounded. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** Files beside the JSON and the page, for a task that makes any. */
  readonly documents?: readonly Document[];
}

export interface Document {
  /** Where it is to lie, absolute. */
  readonly file: string;
  content(making: Making): string;
}

/** How findings came about. */
export interface Making {
  /** The command as typed. */
  readonly command: string;
  readonly madeAt: Date;
  readonly seconds: number;
}

export interface Table {
  readonly kind: "table";
  readonly title: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Value[])[];
}

export interface TableColumn {
  readonly name: string;
  /** Digits after the point for numbers; 0 unless told. */
  readonly digits?: number;
}

/** Null and NaN are shown as "–". */
export type Value = string | number | null;

export interface Plot {
  readonly kind: "plot";
  readonly title: string;
  /** How it is read. */
  readonly caption: string;
  /** Names of its series, in the order of their colours; none for a plot that needs no legend. */
  readonly legend: readonly string[];
  /** An `<svg>` element that refers to nothing outside of it. */
  readonly svg: string;
}

export const table = (title: string, columns: readonly (TableColumn | string)[], rows: readonly (readonly Value[])[]): Table => ({
  kind: "table",
  title,
  columns: columns.map((column) => (typeof column === "string" ? { name: column } : column)),
  rows,
});

/** A value as people read it: thousands apart, as many digits as its column says. */
export const written = (value: Value | undefined, { digits = 0 }: TableColumn): string => {
  if (typeof value === "string") return value;
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
};
