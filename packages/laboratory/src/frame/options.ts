/** The kinds of options that tasks have. Each reads the text of the command line; its `meta` is what the help shows. */
import { z } from "zod";
import { isAbsolute, join } from "node:path";

/** Any text that is not empty. `value` names it in the help: COL, FILE. */
export const text = (description: string, value = "TEXT") => z.string().trim().min(1, "is empty").meta({ description, value });

/** A column's name, or several with commas between, which then make a key together. */
export const column = (description: string) => text(description, "COL");

/** A list with commas between. */
export const list = (description: string) =>
  z
    .string()
    .transform((given) =>
      given
        .split(",")
        .map((name) => name.trim())
        .filter(Boolean),
    )
    .meta({ description, value: "a,b,…" });

/** A column and the value that it must have. The value is all that follows the first "=". */
export const columnValue = (description: string) =>
  z
    .string()
    .regex(/^[^=]+=/, "must be COLUMN=VALUE, for example segment=control")
    .transform((given) => {
      const at = given.indexOf("=");
      return { column: given.slice(0, at).trim(), value: given.slice(at + 1).trim() };
    })
    .meta({ description, value: "COL=VALUE" });

/** A number within bounds. */
export const number = (description: string, least: number, most: number, value = "N") =>
  z
    .string()
    .transform((given) => (given.trim() === "" ? Number.NaN : Number(given)))
    .refine((given) => given >= least && given <= most, `must be a number from ${least} to ${most}`)
    .meta({ description, value });

/** A whole number within bounds. */
export const whole = (description: string, least: number, most: number, value = "N") =>
  number(description, least, most, value).refine(Number.isInteger, "must be a whole number").meta({ description, value });

/** Given or not. */
export const flag = (description: string) => z.boolean().default(false).meta({ description });

/** Where a file lies that was named in a folder. */
export const placeOf = (file: string, cwd: string): string => (isAbsolute(file) ? file : join(cwd, file));

/** What every task that reads a table has. */
export const dataOptions = {
  data: text("the table: CSV, CSV in gzip, or Parquet", "FILE"),
  delimiter: text("the sign between cells, where it is not told from the file (\\t for a tab)", "SIGN").optional(),
  "skip-wrong": flag("leave out rows that cannot be read (said in the notes) instead of stopping at the first"),
};

export const seedOption = { seed: whole("root of all draws; the same seed gives the same findings", 0, 2 ** 31 - 1).default(1) };
