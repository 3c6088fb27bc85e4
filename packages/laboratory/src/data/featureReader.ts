import { numberOf, Unreadable, type CellReader } from "./readers.js";
import { isEmpty, textOf, type Cell } from "./cells.js";

/** A feature as it was told: numbers, or the place of each row's text among the levels. */
export interface Feature {
  readonly name: string;
  /** Numbers, NaN where empty; null where it is made of categories. */
  readonly numbers: Float64Array | null;
  /** Texts, the most frequent first; none of a number. */
  readonly levels: readonly string[];
  /** Places among the levels, −1 where empty. */
  readonly codes: Int32Array | null;
}

/** Numbers of tables are far below this; what is above stands for a text. */
const TEXT = 2 ** 500;
const LARGEST = 1e37;

/** A column of which nobody says whether it holds numbers or categories: as soon as one cell is no number, all are categories. */
export class FeatureReader implements CellReader {
  readonly columns: readonly string[];
  readonly #texts: string[] = [];
  readonly #places = new Map<string, number>();
  constructor(private readonly name: string) {
    this.columns = [name];
  }

  read([cell = null]: readonly Cell[]): number {
    if (isEmpty(cell)) return Number.NaN;
    const value = numberOf(cell);
    if (value === null) return (this.#placeOf(textOf(cell)) + 1) * TEXT;
    if (Math.abs(value) > LARGEST) throw new Unreadable(cell, "a number that can be computed with (up to 1e37)");
    return value;
  }

  /** The feature, once all rows are read. */
  feature(values: Float64Array): Feature {
    if (this.#texts.length === 0) return { name: this.name, numbers: values, levels: [], codes: null };
    const places = values.map((value) => (Number.isNaN(value) ? -1 : value >= TEXT ? value / TEXT - 1 : this.#placeOf(String(value))));
    const counts = new Float64Array(this.#texts.length);
    for (const place of places) if (place >= 0) counts[place]!++;
    const order = [...counts.keys()].filter((place) => counts[place]! > 0).sort((a, b) => counts[b]! - counts[a]! || a - b);
    const rank = new Int32Array(this.#texts.length);
    order.forEach((place, at) => (rank[place] = at));
    return {
      name: this.name,
      numbers: null,
      levels: order.map((place) => this.#texts[place]!),
      codes: Int32Array.from(places, (place) => (place < 0 ? -1 : rank[place]!)),
    };
  }

  #placeOf(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }
}
