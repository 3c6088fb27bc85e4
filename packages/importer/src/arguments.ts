import { isAbsolute, join } from "node:path";
import { parseArgs } from "node:util";
import { readMapping } from "./mapping/readMapping.js";
import type { ImportRequest } from "./chain/importChain.js";

export const IMPORT_HELP = `npm run import -- --menu FILE --customers FILE --purchases FILE [options]

Loads a chain's own records: CSV files of any column names, plain or gzip. It streams to the running instance, or starts one.
Running it again adds nothing; when it was broken off, run it again and it goes on.

  --menu FILE        items with price and, if known, cost; without it the menu is made from the receipts
  --customers FILE   who they are; customers whom only the receipts name are added by their id
  --purchases FILE   receipts, a row for each line; the lines of a receipt may stand apart
  --venues FILE      where it is sold, with coordinates
  --map FILE         which column is what, formats, constants, an assumed cost (YAML; see examples/ and docs/importing.md);
                     what it does not say is guessed from the columns' names
  --tenant NAME      short name of the chain here (default: the installation's own; where that is the demo, one made from the
                     mapping, which becomes the installation's own)
  --shift-to-now     moves all records by whole days, so that their last day is today
  --rejects FILE     where rows go that cannot be used, with line and reason (default: rejects-<tenant>.csv in KAVA_HOME)

  npm run import -- --menu product.csv --customers customer.csv --venues sales_outlet.csv --purchases receipts.csv.gz \\
    --map examples/coffee-chain.yaml --shift-to-now`;

/** Reads the command line of an import. Null when the help was asked for; throws SyntaxError for what it does not know. */
export const readImportArguments = (given: readonly string[], cwd: string): ImportRequest | null => {
  const values = parse(given);
  if (values.help) return null;
  const file = (path: string | undefined): string | undefined => (path === undefined || isAbsolute(path) ? path : join(cwd, path));
  const files = {
    menu: file(values.menu),
    venues: file(values.venues),
    customers: file(values.customers),
    purchases: file(values.purchases),
  };
  if (!Object.values(files).some(Boolean))
    throw new SyntaxError("Name the files to load: at least one of --menu, --customers, --purchases, --venues");
  return {
    files,
    mapping: readMapping(file(values.map)),
    mapFile: values.map,
    tenant: values.tenant,
    shiftToNow: values["shift-to-now"],
    rejectsFile: file(values.rejects),
  };
};

const parse = (given: readonly string[]) => {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args: [...given],
      options: {
        menu: text,
        customers: text,
        purchases: text,
        venues: text,
        map: text,
        tenant: text,
        rejects: text,
        "shift-to-now": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    throw new SyntaxError((error as Error).message, { cause: error });
  }
};
