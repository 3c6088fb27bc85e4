/**
 * ClickHouse's tables and views. The tenant leads every key; facts are partitioned by month; money is Int64 in minor units. A change of
 * anything here raises `TABLES_VERSION`: the next start then replays the ledger into new tables.
 */
export const TABLES_VERSION = 1;

/** How many inserts each table remembers by their token. Batches go in order and only the last may come again, so this is plenty. */
const DEDUPLICATE = "non_replicated_deduplication_window = 1000";

const merged = (key: string, partition: string | null = null): string =>
  `${partition ? `PARTITION BY ${partition} ` : ""}ORDER BY (${key}) SETTINGS ${DEDUPLICATE}`;

interface Definition {
  name: string;
  columns: string;
  engine: string;
}

/** What batches are inserted into. */
const FACTS: readonly Definition[] = [
  {
    name: "event",
    columns: "tenant UUID, at DateTime64(3, 'UTC'), type LowCardinality(String), fact UUID",
    engine: `MergeTree ${merged("tenant, type, at", "toYYYYMM(at)")}`,
  },
  {
    name: "purchase",
    columns: `tenant UUID, purchase String, at DateTime64(3, 'UTC'), day Date, hour UInt8, customer UUID, venue UUID, items Array(UUID), categories Array(LowCardinality(String)),
      quantities Array(UInt32), lists Array(Int64), paids Array(Int64), nets Array(Int64), costs Array(Nullable(Int64))`,
    engine: `MergeTree ${merged("tenant, at, purchase", "toYYYYMM(at)")}`,
  },
  {
    name: "customer",
    columns: "tenant UUID, customer UUID, joined_at DateTime64(3, 'UTC'), home_venue UUID",
    engine: `MergeTree ${merged("tenant, customer")}`,
  },
  {
    name: "membership",
    columns: "tenant UUID, customer UUID, at DateTime64(3, 'UTC'), segment UUID, segment_name LowCardinality(String)",
    engine: `MergeTree ${merged("tenant, customer, at", "toYYYYMM(at)")}`,
  },
  {
    name: "taste",
    columns: "tenant UUID, customer UUID, at DateTime64(3, 'UTC'), items Array(UUID), scores Array(Float32)",
    engine: `MergeTree ${merged("tenant, customer, at", "toYYYYMM(at)")}`,
  },
  {
    name: "item_price",
    columns:
      "tenant UUID, item UUID, at DateTime64(3, 'UTC'), name String, category LowCardinality(String), price Int64, cost Nullable(Int64), retired Bool",
    engine: `MergeTree ${merged("tenant, item, at", "toYYYYMM(at)")}`,
  },
  {
    name: "offer_decision",
    columns: `tenant UUID, at DateTime64(3, 'UTC'), offer UUID, customer UUID, item UUID, depth Float64, list Nullable(Int64), price Nullable(Int64),
      expires_at Nullable(DateTime64(3, 'UTC')), reason LowCardinality(String), policy LowCardinality(String), holdout Bool`,
    engine: `MergeTree ${merged("tenant, at", "toYYYYMM(at)")}`,
  },
];

interface View extends Definition {
  select: string;
}

/** The lines of a purchase, where a view asks for them line by line. */
const LINES =
  "ARRAY JOIN items AS item, categories AS category, quantities AS its_quantity, lists AS its_list, paids AS its_paid, nets AS its_net, costs AS its_cost";
/** What was earned is known only of lines whose cost is known: their net is kept beside their cost. */
const LINE_SUMS =
  "sum(its_quantity) AS quantity, sum(its_list) AS list, sum(its_paid) AS paid, sum(its_net) AS net, sumIf(its_net, its_cost IS NOT NULL) AS costed_net, sum(ifNull(its_cost, 0)) AS cost";
const SUM_COLUMNS = "quantity UInt64, list Int64, paid Int64, net Int64, costed_net Int64, cost Int64";
/** The same of a whole purchase. */
const PURCHASE_SUMS = `sum(arraySum(quantities)) AS quantity, sum(arraySum(lists)) AS list, sum(arraySum(paids)) AS paid, sum(arraySum(nets)) AS net,
  sum(arraySum(arrayMap((n, c) -> if(c IS NULL, 0, n), nets, costs))) AS costed_net, sum(arraySum(arrayMap(c -> ifNull(c, 0), costs))) AS cost`;
const KNOWN = "customer != toUUID('00000000-0000-0000-0000-000000000000')";
/** A basket of more different items than this says nothing about pairs, and would make thousands of them. */
const MOST_ITEMS_OF_PAIRS = 40;

/** Views that fill themselves as batches arrive. */
const VIEWS: readonly View[] = [
  {
    name: "purchase_line",
    columns: `tenant UUID, purchase String, at DateTime64(3, 'UTC'), day Date, customer UUID, venue UUID, item UUID, category LowCardinality(String),
      quantity UInt32, list Int64, paid Int64, net Int64, cost Nullable(Int64)`,
    engine: `MergeTree ${merged("tenant, item, at", "toYYYYMM(at)")}`,
    select: `SELECT tenant, purchase, at, day, customer, venue, item, category, its_quantity AS quantity, its_list AS list, its_paid AS paid, its_net AS net, its_cost AS cost
      FROM {db}.purchase ${LINES}`,
  },
  {
    name: "sales_by_day",
    columns: `tenant UUID, day Date, venue UUID, purchases UInt64, known_purchases UInt64, ${SUM_COLUMNS}`,
    engine: `SummingMergeTree ${merged("tenant, day, venue", "toYYYYMM(day)")}`,
    select: `SELECT tenant, day, venue, count() AS purchases, countIf(${KNOWN}) AS known_purchases, ${PURCHASE_SUMS} FROM {db}.purchase GROUP BY tenant, day, venue`,
  },
  {
    name: "sales_by_item",
    columns: `tenant UUID, day Date, venue UUID, item UUID, lines UInt64, ${SUM_COLUMNS}`,
    engine: `SummingMergeTree ${merged("tenant, day, venue, item", "toYYYYMM(day)")}`,
    select: `SELECT tenant, day, venue, item, count() AS lines, ${LINE_SUMS} FROM {db}.purchase ${LINES} GROUP BY tenant, day, venue, item`,
  },
  {
    name: "customer_behaviour",
    columns: `tenant UUID, customer UUID, purchases SimpleAggregateFunction(sum, UInt64), quantity SimpleAggregateFunction(sum, UInt64), list SimpleAggregateFunction(sum, Int64),
      paid SimpleAggregateFunction(sum, Int64), net SimpleAggregateFunction(sum, Int64), costed_net SimpleAggregateFunction(sum, Int64), cost SimpleAggregateFunction(sum, Int64),
      first SimpleAggregateFunction(min, DateTime64(3, 'UTC')), last SimpleAggregateFunction(max, DateTime64(3, 'UTC'))`,
    engine: `AggregatingMergeTree ${merged("tenant, customer")}`,
    select: `SELECT tenant, customer, count() AS purchases, ${PURCHASE_SUMS}, min(at) AS first, max(at) AS last FROM {db}.purchase WHERE ${KNOWN} GROUP BY tenant, customer`,
  },
  {
    name: "customer_item",
    columns: `tenant UUID, customer UUID, item UUID, baskets SimpleAggregateFunction(sum, UInt64), last SimpleAggregateFunction(max, DateTime64(3, 'UTC'))`,
    engine: `AggregatingMergeTree ${merged("tenant, customer, item")}`,
    select: `SELECT tenant, customer, item, count() AS baskets, max(at) AS last FROM {db}.purchase ARRAY JOIN arrayDistinct(items) AS item WHERE ${KNOWN} GROUP BY tenant, customer, item`,
  },
  {
    name: "item_pair",
    columns: "tenant UUID, month Date, first UUID, second UUID, baskets UInt64",
    engine: `SummingMergeTree ${merged("tenant, month, first, second", "toYYYYMM(month)")}`,
    select: `SELECT tenant, toStartOfMonth(day) AS month, pair.1 AS first, pair.2 AS second, count() AS baskets FROM (
      SELECT tenant, day, arraySort(arrayDistinct(items)) AS sorted,
        arrayJoin(arrayFlatten(arrayMap((a, i) -> arrayMap(b -> (a, b), arraySlice(sorted, i + 1)), sorted, arrayEnumerate(sorted)))) AS pair
      FROM {db}.purchase WHERE length(arrayDistinct(items)) BETWEEN 2 AND ${MOST_ITEMS_OF_PAIRS}) GROUP BY tenant, month, first, second`,
  },
];

/** Names of the views' tables, for whoever compares totals. */
export const VIEW_TABLES: readonly string[] = VIEWS.map((view) => view.name);

/** The statements that make all of it in a database, in order. Each can be run again. */
export const tableStatements = (database: string): string[] => [
  `CREATE DATABASE IF NOT EXISTS ${database} ENGINE = Atomic`,
  ...[...FACTS, ...VIEWS].map(
    ({ name, columns, engine }) => `CREATE TABLE IF NOT EXISTS ${database}.${name} (${columns}) ENGINE = ${engine}`,
  ),
  ...VIEWS.map(
    ({ name, select }) =>
      `CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.${name}_fill TO ${database}.${name} AS ${select.replaceAll("{db}", database)}`,
  ),
];
