import type { Database } from "@kava/platform/database/database";
import type { Engine } from "./clickhouse/engine.js";
import { Histories } from "./clickhouse/histories.js";
import { Reports } from "./clickhouse/reports.js";
import { Customers } from "./customers.js";
import { Generations } from "./generations.js";
import { ItemShelf } from "./itemShelf.js";
import { Ledger } from "./ledger.js";
import { Recommendations } from "./recommendations.js";
import { Rules } from "./rules.js";
import { TasteChanges } from "./tasteChanges.js";
import { TasteModels } from "./tasteModels.js";
import { Venues } from "./venues.js";

/** Everything that analytics keeps. */
export interface Stores {
  ledger: Ledger;
  generations: Generations;
  customers: Customers;
  venues: Venues;
  shelf: ItemShelf;
  recommendations: Recommendations;
  models: TasteModels;
  rules: Rules;
  changes: TasteChanges;
  histories: Histories;
  reports: Reports;
}

/** `prefix`: of the names of ClickHouse's databases. */
export const openStores = (database: Database, engine: Engine, prefix: string): Stores => {
  const [generations, venues] = [new Generations(database, prefix), new Venues(database)];
  return {
    ledger: new Ledger(database),
    generations,
    customers: new Customers(database),
    venues,
    shelf: new ItemShelf(database, venues),
    recommendations: new Recommendations(database),
    models: new TasteModels(database),
    rules: new Rules(database),
    changes: new TasteChanges(database),
    histories: new Histories(engine, generations),
    reports: new Reports(engine, generations),
  };
};
