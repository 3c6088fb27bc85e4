import { ITEM_VIEW_MIGRATION } from "@kava/platform/views/items";
import type { MigrationClass } from "@kava/platform/database/database";
import { Customers, CustomersInPlace, Segments } from "./customers.js";
import { Lifetimes } from "./lifetimes.js";
import { ModelLife } from "./modelLife.js";
import { Loading, Purchases } from "./purchases.js";

/** Everything that makes the customer schema, in order. */
export const MIGRATIONS: Record<string, MigrationClass> = {
  ...ITEM_VIEW_MIGRATION,
  "0010_customers": Customers,
  "0011_segments": Segments,
  "0012_purchases": Purchases,
  "0013_loading": Loading,
  "0014_customers_in_place": CustomersInPlace,
  "0015_lifetimes": Lifetimes,
  "0016_model_life": ModelLife,
};
