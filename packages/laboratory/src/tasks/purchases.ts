import { z } from "zod";
import type { DataFile } from "../data/cells.js";
import { columnsNamed, readColumns } from "../data/readColumns.js";
import { DateReader, KeyReader, NumberReader, Unreadable } from "../data/readers.js";
import { column, list, text } from "../frame/options.js";
import { WrongUsage } from "../frame/wrongUsage.js";

/** Options of tasks that look at who bought when for how much. */
export const purchaseOptions = {
  customer: column("the column of the customer"),
  date: column("the column of the date, with or without a time"),
  value: column("the column of what was paid; rows of one customer and day are added"),
  "date-format": text("how dates are written, such as d/M/yyyy or yyyyMMdd, where it cannot be told from them", "FORMAT").optional(),
  nobody: list("keys that stand for no customer, such as 0").optional(),
};

const PurchaseOptions = z.object(purchaseOptions);

/** Rows of purchases as columns: the number of the customer, the moment (milliseconds), what was paid. */
export interface Purchases {
  readonly rows: number;
  readonly customer: Float64Array;
  readonly date: Float64Array;
  readonly value: Float64Array;
  readonly customerNames: readonly string[];
  readonly leftOut: readonly string[];
}

/** @throws WrongUsage, WrongData */
export const readPurchases = async (
  data: DataFile,
  { customer, date, value, "date-format": format, nobody }: z.output<typeof PurchaseOptions>,
  skipWrong: boolean,
): Promise<Purchases> => {
  const customers = new KeyReader(columnsNamed(data, customer), nobody);
  const readers = { customer: customers, date: new DateReader([date], format), value: new NumberReader([value]) };
  const { rows, values, leftOut } = await readColumns(data, readers, { skipWrong });
  return { rows, ...values, customerNames: customers.names, leftOut };
};

const DAY = 86_400_000;

/**
 * The day that an option names, as days since 1970; written as the dates of the table are, or as 2026-06-30.
 *
 * @throws WrongUsage when it is no date
 */
export const dayNamed = (option: string, given: string, format: string | undefined): number => {
  for (const way of new Set([format, undefined]))
    try {
      return Math.floor(new DateReader([], way).read([given]) / DAY);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
    }
  throw new WrongUsage(`--${option} "${given}" is no date; write it as 2026-06-30`);
};

/** The purchases of one customer, a visit a day. */
export interface CustomerDays {
  readonly name: string;
  /** Days since 1970, ascending, each once. */
  readonly days: readonly number[];
  /** Paid on each. */
  readonly values: readonly number[];
  /** Hour of the first row of each day, 0 to 23; none where the dates of the table have no time. */
  readonly hours: readonly number[];
}

/** What each customer bought on each day, in the order in which customers first stand in the table; customers without a row are left out. */
export const customerDays = ({ rows, customer, date, value, customerNames }: Purchases): CustomerDays[] => {
  const visits = customerNames.map(() => new Map<number, { paid: number; hour: number }>());
  const timed = date.some((moment) => moment % DAY !== 0);
  for (let row = 0; row < rows; row++) {
    const own = visits[customer[row]!]!;
    const day = Math.floor(date[row]! / DAY);
    const visit = own.get(day);
    if (visit === undefined) own.set(day, { paid: value[row]!, hour: Math.floor((date[row]! - day * DAY) / 3_600_000) });
    else visit.paid += value[row]!;
  }
  return visits.flatMap((own, at) => {
    if (own.size === 0) return [];
    const sorted = [...own].sort(([a], [b]) => a - b);
    return {
      name: customerNames[at]!,
      days: sorted.map(([day]) => day),
      values: sorted.map(([, { paid }]) => paid),
      hours: timed ? sorted.map(([, { hour }]) => hour) : [],
    };
  });
};

/** 1970-01-01 as people write it. */
export const dayText = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);
