import { guessFields } from "./guess.js";
import { CUSTOMER_FIELDS, MENU_FIELDS, PURCHASE_FIELDS, VENUE_FIELDS, type FieldSource, type FileMapping, type Kind } from "./mapping.js";

const REQUIRED: Record<Kind, readonly string[]> = {
  menu: ["id", "name", "price"],
  venues: ["id"],
  customers: ["id"],
  purchases: ["basket", "at", "item"],
};
const ALL: Record<Kind, readonly string[]> = {
  menu: MENU_FIELDS,
  venues: VENUE_FIELDS,
  customers: CUSTOMER_FIELDS,
  purchases: PURCHASE_FIELDS,
};

/**
 * Each field's source in a file: what the mapping says, else what the columns' names tell. Throws when a required field has none, or when the
 * mapping names a column that is not there, showing the header and a mapping to begin with.
 */
export const resolveFields = (
  kind: Kind,
  file: string,
  header: readonly string[],
  mapping: FileMapping,
): Partial<Record<string, FieldSource>> => {
  const fields: Partial<Record<string, FieldSource>> = { ...guessFields(kind, header), ...mapping.fields };
  const named = [
    ...Object.entries(mapping.fields).flatMap(
      ([field, source]) => source?.columns.map((column) => [`${kind}.fields.${field}`, column] as const) ?? [],
    ),
    ...Object.keys(mapping.expect).map((column) => [`${kind}.expect`, column] as const),
  ];
  const absent = named.filter(([, column]) => !header.includes(column));
  if (absent.length > 0)
    throw new Error(
      `The mapping names columns that ${file} does not have: ${absent.map(([place, column]) => `"${column}" (${place})`).join(", ")}.\nIts columns are: ${header.join(", ")}`,
    );
  const missing = REQUIRED[kind].filter((field) => !fields[field]);
  if (missing.length > 0) throw new Error(howToSay(kind, file, header, fields, missing));
  return fields;
};

const howToSay = (
  kind: Kind,
  file: string,
  header: readonly string[],
  fields: Partial<Record<string, FieldSource>>,
  missing: readonly string[],
): string =>
  [
    `Which column of ${file} holds ${missing.join(", ")} cannot be told from the names. Its columns are:`,
    `  ${header.join(", ")}`,
    "Write a mapping file and name it with --map, for example:",
    "",
    `${kind}:`,
    "  fields:",
    ...ALL[kind]
      .filter((field) => fields[field] || REQUIRED[kind].includes(field))
      .map((field) => `    ${field}: ${fields[field]?.columns[0] ?? "# the column's name"}`),
    "",
    "See examples/coffee-chain.yaml and docs/importing.md",
  ].join("\n");
