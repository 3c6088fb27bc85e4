import type { DataFile } from "../data/cells.js";
import { columnsNamed, readColumns } from "../data/readColumns.js";
import { DateReader, KeyReader, type CellReader } from "../data/readers.js";
import { WrongData } from "../frame/wrongUsage.js";

/** What was bought together, from a table with a row for each item of a basket. */
export interface Baskets {
  /** For each basket its item indices, each once, in the order of reading. */
  readonly baskets: readonly (readonly number[])[];
  /** For each basket the index of its customer, −1 where there is none; empty when no column says it. */
  readonly customers: Int32Array;
  readonly customerCount: number;
  /** For each basket its first moment, milliseconds since 1970; empty when no column says it. */
  readonly moments: Float64Array;
  readonly itemNames: readonly string[];
  readonly rows: number;
  readonly leftOut: readonly string[];
}

export interface BasketColumns {
  readonly basket: string;
  readonly item: string;
  readonly customer?: string | undefined;
  /** Customer keys that stand for "nobody". */
  readonly nobody?: readonly string[];
  readonly date?: string | undefined;
  readonly dateFormat?: string | undefined;
  readonly skipWrong: boolean;
}

/** Reads and groups the rows of baskets; those of a basket may stand apart. @throws WrongUsage, WrongData */
export const readBaskets = async (data: DataFile, columns: BasketColumns): Promise<Baskets> => {
  const { basket, item, customer, nobody = [], date, dateFormat, skipWrong } = columns;
  const items = new KeyReader(columnsNamed(data, item));
  const customers = new KeyReader(customer === undefined ? [] : columnsNamed(data, customer), nobody);
  const keys = new KeyReader(columnsNamed(data, basket));
  const readers: Record<string, CellReader> = {
    basket: keys,
    item: items,
    ...(customer === undefined ? {} : { customer: customers }),
    ...(date === undefined ? {} : { date: new DateReader([date], dateFormat) }),
  };
  const { rows, values, leftOut } = await readColumns<string>(data, readers, { optional: ["customer"], skipWrong });
  const sets: Set<number>[] = keys.names.map(() => new Set());
  const owners = new Int32Array(sets.length).fill(-1);
  const firsts = new Float64Array(sets.length).fill(Infinity);
  for (let row = 0; row < rows; row++) {
    const at = values["basket"]![row]!;
    sets[at]!.add(values["item"]![row]!);
    const owner = values["customer"]?.[row] ?? Number.NaN;
    if (!Number.isNaN(owner)) owners[at] = owner;
    firsts[at] = Math.min(firsts[at]!, values["date"]?.[row] ?? Infinity);
  }
  const filled = sets.flatMap((set, at) => (set.size > 0 ? [at] : []));
  if (filled.length < 2)
    throw new WrongData(
      `${data.name} has only one basket ("${basket}" is the same in every row); name the column that tells baskets apart`,
    );
  return {
    baskets: filled.map((at) => [...sets[at]!]),
    customers: customer === undefined ? new Int32Array() : Int32Array.from(filled, (at) => owners[at]!),
    customerCount: customers.names.length,
    moments: date === undefined ? new Float64Array() : Float64Array.from(filled, (at) => firsts[at]!),
    itemNames: items.names,
    rows,
    leftOut,
  };
};
