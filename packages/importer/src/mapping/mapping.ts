import { TenantFacts } from "@kava/contracts/tenant";
import { z } from "zod";

const scalar = z.union([z.string(), z.number()]).transform(String);

export interface FieldSource {
  columns: string[];
  join?: string | undefined;
  constant?: string | undefined;
  ratio?: number | undefined;
  of?: "price" | undefined;
  format?: string | undefined;
  decimal?: "." | "," | undefined;
  empty?: string[] | undefined;
  default?: string | undefined;
  separator?: string | undefined;
}

/**
 * Where a value comes from: a column's name; several columns, joined; or an object that says more. A value may also be a constant, or a share
 * (`ratio`) of another field (`of`), such as an assumed cost.
 */
const Source = z.union([
  z
    .string()
    .min(1)
    .transform((column): FieldSource => ({ columns: [column] })),
  z
    .array(z.string().min(1))
    .min(1)
    .transform((columns): FieldSource => ({ columns })),
  z
    .strictObject({
      column: z.string().optional(),
      columns: z.array(z.string()).min(1).optional(),
      /** What stands between the columns' values. */
      join: z.string().optional(),
      constant: scalar.optional(),
      ratio: z.number().min(0).max(10).optional(),
      of: z.enum(["price"]).optional(),
      /** Dates: "d/M/yyyy H:mm:ss", or "iso". */
      format: z.string().optional(),
      /** What stands before the minor digits of an amount. */
      decimal: z.enum([".", ","]).optional(),
      /** Values that mean "none". */
      empty: z.array(scalar).optional(),
      /** What stands for an empty value. */
      default: scalar.optional(),
      /** Cuts the value into a list. */
      separator: z.string().optional(),
    })
    .transform(({ column, columns, ...rest }): FieldSource => ({ ...rest, columns: columns ?? (column === undefined ? [] : [column]) })),
]);

/** What the values of a column must look like; a row that breaks it is rejected. */
const Expectation = z.enum(["integer", "number", "filled"]);
export type Expectation = z.infer<typeof Expectation>;

const file = <F extends readonly string[]>(fields: F) =>
  z.strictObject({
    delimiter: z.string().length(1).optional(),
    encoding: z.enum(["utf8", "latin1", "utf16le"]).optional(),
    expect: z.record(z.string(), Expectation).default({}),
    fields: z.partialRecord(z.enum(fields), Source).default({}),
  });

const known = TenantFacts.shape;
/** The tenant's facts without their defaults: what a mapping does not say stays as it is. */
const Facts = z
  .strictObject({
    slug: known.slug,
    name: known.name,
    currency: known.currency,
    minorDigits: known.minorDigits.unwrap(),
    timeZone: known.timeZone.unwrap(),
    floor: known.floor.unwrap(),
    ceiling: known.ceiling.unwrap(),
    tax: known.tax.unwrap(),
  })
  .partial();

export const MENU_FIELDS = ["id", "sku", "name", "category", "price", "cost"] as const;
export const VENUE_FIELDS = ["id", "name", "latitude", "longitude"] as const;
export const CUSTOMER_FIELDS = ["id", "name", "email", "joinedAt", "homeVenue", "tastes"] as const;
export const PURCHASE_FIELDS = [
  "basket",
  "at",
  "venue",
  "customer",
  "item",
  "itemName",
  "category",
  "quantity",
  "unitPrice",
  "paid",
] as const;

/** A mapping file: how a chain's own columns become Kava's records. Every part may be left out; what is missing is guessed from the columns' names. */
export const Mapping = z.strictObject({
  tenant: Facts.default({}),
  menu: file(MENU_FIELDS).prefault({}),
  venues: file(VENUE_FIELDS).prefault({}),
  customers: file(CUSTOMER_FIELDS)
    .extend({ attributes: z.record(z.string(), Source).default({}) })
    .prefault({}),
  purchases: file(PURCHASE_FIELDS)
    .extend({
      /** What to do with a customer who is in no file: make a record of them, keep the purchase without a customer, or reject it. */
      unknownCustomers: z.enum(["create", "anonymous", "reject"]).default("create"),
    })
    .prefault({}),
});
export type Mapping = z.infer<typeof Mapping>;
export type Kind = "menu" | "venues" | "customers" | "purchases";

/** The mapping of one kind of file, as its readers use it. */
export interface FileMapping<Field extends string = string> {
  delimiter?: string | undefined;
  encoding?: "utf8" | "latin1" | "utf16le" | undefined;
  expect: Record<string, Expectation>;
  fields: Partial<Record<Field, FieldSource>>;
}
