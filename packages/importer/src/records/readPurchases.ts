import { refusalOfMoment } from "@kava/contracts/loading";
import type { FileMapping, PURCHASE_FIELDS } from "../mapping/mapping.js";
import { momentReader } from "../values/readMoment.js";
import { readMoney } from "../values/readMoney.js";
import type { Zone } from "../values/zone.js";
import { Baskets } from "./baskets.js";
import { MenuFromLines } from "./menuFromLines.js";
import type { Menu, Money } from "./readMenu.js";
import { NOBODY, type Customers } from "./readCustomers.js";
import { fault, openTable, type CellReader, type Table, type TableOptions } from "./tableReader.js";

type Field = (typeof PURCHASE_FIELDS)[number];
export type PurchaseMapping = FileMapping<Field> & { unknownCustomers: "create" | "anonymous" | "reject" };

/** Keys in the order in which they were first seen; a basket names them by their place. */
export class Keys {
  readonly names: string[] = [];
  readonly #places = new Map<string, number>();

  placeOf(name: string): number {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    this.#places.set(name, this.names.push(name) - 1);
    return this.names.length - 1;
  }
}

export interface PurchaseRecords {
  baskets: Baskets;
  items: Keys;
  customers: Keys;
  venues: Keys;
  /** The menu that was given, or the one that the lines tell. */
  menu: Menu;
  /** Rows read, bad ones included. */
  lines: number;
}

/**
 * `menu` null: it is made from the lines, and a cost is `costRatio` of the price, or unknown. `now` null: the records will be moved, so that their moments
 * are not judged yet.
 */
export interface PurchaseContext {
  tenantId: string;
  menu: Menu | null;
  costRatio: number | undefined;
  customers: Customers;
  zone: Zone;
  money: Money;
  now: Date | null;
}

const MOST_LINES = 500;
const MOST_QUANTITY = 10_000;

/** Reads receipt lines and groups them into baskets. A line that cannot be used is rejected alone; the others of its basket stay. */
export const readPurchases = async (
  file: string,
  mapping: PurchaseMapping,
  context: PurchaseContext,
  options: TableOptions,
): Promise<PurchaseRecords> => {
  const table = await openTable("purchases", file, mapping, options);
  const read = cellReaders(table);
  const records = { baskets: new Baskets(), items: new Keys(), customers: new Keys(), venues: new Keys() };
  const told = new MenuFromLines();
  const customerOf = customerReader(read.customer, mapping, context.customers);
  const wallOf = wallReader(read.at, table, context);
  const priceOf = priceReader(read, table, context);
  const lines = await table.each(({ cells, line }) => {
    const key = read.basket(cells) || fault("the receipt has no number, or only a part of one");
    const wall = wallOf(cells);
    const item = read.item(cells) || fault("the line has no item");
    if (context.menu?.has(item) === false) fault("the item is not on the menu", `"${item}"`);
    const quantity = quantityOf(read.quantity(cells));
    const prices = priceOf(cells, item, quantity);
    const customer = customerOf(cells);
    const venue = read.venue(cells);
    if (records.baskets.linesOf(key) >= MOST_LINES) fault(`the receipt has more than ${MOST_LINES} lines`);
    records.baskets.add(
      {
        key,
        wall,
        customer: customer === "" ? -1 : records.customers.placeOf(customer),
        venue: venue === "" ? -1 : records.venues.placeOf(venue),
      },
      { item: records.items.placeOf(item), quantity, ...prices, line },
    );
    if (!context.menu) told.add(item, read.itemName(cells), read.category(cells), prices.unitPriceMinor);
  });
  return { ...records, lines, menu: context.menu ?? told.menu(context.tenantId, context.costRatio) };
};

const cellReaders = (table: Table<Field>): Record<Field, CellReader> => {
  const field = (name: Field): CellReader => table.field(name);
  return {
    basket: wholeKey(table),
    at: field("at"),
    venue: field("venue"),
    customer: field("customer"),
    item: field("item"),
    itemName: field("itemName"),
    category: field("category"),
    quantity: field("quantity"),
    unitPrice: field("unitPrice"),
    paid: field("paid"),
  };
};

/** A key of several columns is whole only when each has a value, or the mapping says what stands for an empty one. */
const wholeKey = (table: Table<Field>): CellReader => {
  const { basket } = table.sources;
  if (!basket || basket.columns.length < 2) return table.field("basket");
  const parts = basket.columns.map((column) => table.source({ columns: [column], default: basket.default }));
  return (cells) => {
    const values = parts.map((part) => part(cells));
    return values.includes("") ? "" : values.join(basket.join ?? ":");
  };
};

const wallReader = (at: CellReader, table: Table<Field>, { zone, now }: PurchaseContext): ((cells: readonly string[]) => number) => {
  const format = table.sources.at?.format ?? "iso";
  const readMoment = momentReader(format);
  return (cells) => {
    const text = at(cells);
    const moment = readMoment(text) ?? fault(`the date does not read as ${format}`, `"${text}"`);
    const instant = moment.zoned ? moment.ms : zone.instantOf(moment.ms);
    if (now && refusalOfMoment(new Date(instant).toISOString(), now))
      fault(`the date is ${instant < now.getTime() ? "before 1990" : "in the future"}`, `"${text}"`);
    return moment.zoned ? zone.wallAt(moment.ms) : moment.ms;
  };
};

const customerReader = (customer: CellReader, mapping: PurchaseMapping, known: Customers): ((cells: readonly string[]) => string) => {
  const nobody = new Set(mapping.fields.customer?.empty ?? NOBODY);
  return (cells) => {
    const id = customer(cells);
    if (id === "" || nobody.has(id)) return "";
    if (known.has(id) || mapping.unknownCustomers === "create") return id;
    return mapping.unknownCustomers === "anonymous" ? "" : fault("the customer is not among the customers", `"${id}"`);
  };
};

const quantityOf = (text: string): number => {
  if (text === "") return 1;
  if (!/^-?\d+([.,]0+)?$/.test(text)) return fault("the quantity is no whole number", `"${text}"`);
  const quantity = Math.trunc(Number(text.replace(",", ".")));
  if (quantity < 0) fault("a return: the quantity is negative", text);
  if (quantity === 0) fault("the quantity is zero");
  return quantity <= MOST_QUANTITY ? quantity : fault(`the quantity is above ${MOST_QUANTITY}`, text);
};

/** What one costs and what was paid for all: each follows from the other where the records tell only one, and from the menu where they tell none. */
const priceReader = (read: Record<Field, CellReader>, table: Table<Field>, { menu, money }: PurchaseContext) => {
  const amount = (field: "unitPrice" | "paid", cells: readonly string[]): number | null => {
    const text = read[field](cells);
    if (text === "") return null;
    const minor =
      readMoney(text, money.digits, table.sources[field]?.decimal) ??
      fault(`the ${field === "paid" ? "amount paid" : "price"} is no amount`, `"${text}"`);
    return minor >= 0 ? minor : fault(`the ${field === "paid" ? "amount paid" : "price"} is negative`, text);
  };
  const isNamed = (field: "unitPrice" | "paid"): boolean => table.sources[field] !== undefined;
  return (cells: readonly string[], item: string, quantity: number): { unitPriceMinor: number; paidMinor: number } => {
    const unit = amount("unitPrice", cells);
    const paid = amount("paid", cells);
    if (unit === null && paid === null && (!menu || isNamed("unitPrice") || isNamed("paid"))) fault("the line has no price");
    const unitPriceMinor = unit ?? (paid === null ? menu!.get(item)!.priceMinor : Math.round(paid / quantity));
    return { unitPriceMinor, paidMinor: paid ?? unitPriceMinor * quantity };
  };
};
