import { derivedId } from "@kava/contracts/ids";
import type { CustomerRow } from "@kava/contracts/loading";
import type { CUSTOMER_FIELDS, FieldSource, FileMapping } from "../mapping/mapping.js";
import { momentReader } from "../values/readMoment.js";
import type { Zone } from "../values/zone.js";
import { fault, openTable, type TableOptions } from "./tableReader.js";
import type { Venues } from "./readVenues.js";

type Field = (typeof CUSTOMER_FIELDS)[number];
export type CustomerMapping = FileMapping<Field> & { attributes: Record<string, FieldSource> };

/** A customer as the chain knows them; `joinedWall` is on the chain's own clock, null when the records do not say. `line`: where in the file they stand. */
export interface KnownCustomer {
  row: Omit<CustomerRow, "joinedAt">;
  joinedWall: number | null;
  line: number;
}

/** Customers by the chain's own id. */
export type Customers = Map<string, KnownCustomer>;

/** Values that stand for "nobody" where records name a customer. */
export const NOBODY: readonly string[] = ["0", "-1", "NULL", "null", "None", "none", "NaN", "nan", "N/A"];

export const customerOf = (tenantId: string, externalId: string, known: Partial<CustomerRow> = {}): KnownCustomer["row"] => ({
  id: derivedId(tenantId, "customer", externalId),
  externalId,
  displayName: known.displayName || `Customer ${externalId}`,
  email: known.email ?? null,
  tastes: known.tastes ?? [],
  homeVenueId: known.homeVenueId ?? null,
  attributes: known.attributes ?? {},
});

/** Reads customers. A date that cannot be read, or a home that is no venue, does not cost the customer: the value is left out. */
export const readCustomers = async (
  file: string,
  mapping: CustomerMapping,
  tenantId: string,
  zone: Zone,
  venues: Venues,
  options: TableOptions,
): Promise<{ customers: Customers; lines: number }> => {
  const table = await openTable("customers", file, mapping, options);
  const [id, name, email, joinedAt, homeVenue, tastes] = (["id", "name", "email", "joinedAt", "homeVenue", "tastes"] as const).map(
    (field) => table.field(field),
  );
  const attributes = Object.entries(mapping.attributes).map(([key, source]) => ({ key, read: table.source(source) }));
  const readMoment = momentReader(table.sources.joinedAt?.format ?? "iso");
  const separator = table.sources.tastes?.separator ?? ",";
  const customers: Customers = new Map();
  const lines = await table.each(({ cells, line }) => {
    const externalId = id!(cells) || fault("the customer has no id");
    if (customers.has(externalId)) fault("the id stands twice among the customers", externalId);
    const joined = readMoment(joinedAt!(cells));
    customers.set(externalId, {
      line,
      joinedWall: joined && (joined.zoned ? zone.wallAt(joined.ms) : joined.ms),
      row: customerOf(tenantId, externalId, {
        displayName: name!(cells),
        email: email!(cells) || null,
        homeVenueId: venues.get(homeVenue!(cells))?.id ?? null,
        tastes: tastes!(cells)
          .split(separator)
          .map((taste) => taste.trim())
          .filter(Boolean),
        attributes: Object.fromEntries(attributes.flatMap(({ key, read }) => (read(cells) === "" ? [] : [[key, typed(read(cells))]]))),
      }),
    });
  });
  return { customers, lines };
};

/** A number stays a number, so that it can be compared; one with a leading zero is a code. */
const typed = (text: string): string | number => (/^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(text) ? Number(text) : text);
