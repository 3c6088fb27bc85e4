import type { DataFile } from "../data/cells.js";
import { columnsNamed, readColumns } from "../data/readColumns.js";
import { KeyReader } from "../data/readers.js";
import { WrongData } from "../frame/wrongUsage.js";

/** What was bought together, from a table with a row for each item of a basket. */
export interface Baskets {
  /** For each basket its item indices, each once, in the order of reading. */
  readonly baskets: readonly (readonly number[])[];
  /** For each basket the index of its customer, −1 where there is none; empty when no column says it. */
  readonly customers: Int32Array;
  readonly customerCount: number;
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
  readonly skipWrong: boolean;
}

/** Reads and groups the rows of baskets; those of a basket may stand apart. @throws WrongUsage, WrongData */
export const readBaskets = async (data: DataFile, { basket, item, customer, nobody = [], skipWrong }: BasketColumns): Promise<Baskets> => {
  const items = new KeyReader(columnsNamed(data, item));
  const customers = new KeyReader(customer === undefined ? [] : columnsNamed(data, customer), nobody);
  const readers = {
    basket: new KeyReader(columnsNamed(data, basket)),
    item: items,
    ...(customer === undefined ? {} : { customer: customers }),
  };
  const { rows, values, leftOut } = await readColumns<"basket" | "item" | "customer">(
    data,
    readers as Record<"basket" | "item" | "customer", KeyReader>,
    {
      optional: ["customer"],
      skipWrong,
    },
  );
  const sets: Set<number>[] = readers.basket.names.map(() => new Set());
  const owners = new Int32Array(sets.length).fill(-1);
  for (let row = 0; row < rows; row++) {
    const at = values.basket[row]!;
    sets[at]!.add(values.item[row]!);
    const owner = customer === undefined ? Number.NaN : values.customer[row]!;
    if (!Number.isNaN(owner)) owners[at] = owner;
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
    itemNames: items.names,
    rows,
    leftOut,
  };
};
