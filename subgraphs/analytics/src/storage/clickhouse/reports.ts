import type { Generation, Generations } from "../generations.js";
import { rowsOfQuery, type Engine } from "./engine.js";

/** Sums of a report's row, minor units. `costed`: net sales of the lines whose cost is known; `cost`: theirs. */
export interface Sums {
  quantity: number;
  list: number;
  paid: number;
  net: number;
  costed: number;
  cost: number;
}
export interface DaySums extends Sums {
  day: string;
  purchases: number;
}
export interface ItemSums extends Sums {
  item: string;
}
export interface Pair {
  first: string;
  second: string;
  baskets: number;
}
export interface BehaviourSums extends Sums {
  customers: number;
  returning: number;
  purchases: number;
  activeRecently: number;
}

export interface Period {
  tenantId: string;
  from: string;
  to: string;
  venueId: string | null;
}

const SUMS =
  "sum(quantity) AS quantity, sum(list) AS list, sum(paid) AS paid, sum(net) AS net, sum(costed_net) AS costed, sum(cost) AS cost";
/** Parentheses keep the column from being mistaken for the sum of the same name. */
const sumsOf = (table: string): string => SUMS.replaceAll(/sum\((\w+)\)/g, `sum(${table}.$1)`);
const WITHIN =
  "s.tenant = {tenant:UUID} AND s.day BETWEEN {from:Date} AND {to:Date} AND ({venue:String} = '' OR s.venue = toUUIDOrZero({venue:String}))";
const parameters = ({ tenantId, from, to, venueId }: Period) => ({ tenant: tenantId, from, to, venue: venueId ?? "" });

/** Staff's reports out of ClickHouse's views, over a client of their own. Every query bears the tenant. */
export class Reports {
  readonly #engine: Engine;
  readonly #generations: Generations;
  constructor(engine: Engine, generations: Generations) {
    this.#engine = engine;
    this.#generations = generations;
  }

  /** Days with sales, in order; days are the chain's own. */
  byDay(period: Period): Promise<DaySums[]> {
    return this.#read(
      ({ database }) =>
        `SELECT toString(s.day) AS day, sum(s.purchases) AS purchases, ${sumsOf("s")} FROM ${database}.sales_by_day AS s WHERE ${WITHIN} GROUP BY s.day ORDER BY s.day`,
      parameters(period),
    );
  }

  /** Items sold, those that earned most first. */
  byItem(period: Period, first: number): Promise<ItemSums[]> {
    return this.#read(
      ({ database }) =>
        `SELECT item, ${sumsOf("s")} FROM ${database}.sales_by_item AS s WHERE ${WITHIN} GROUP BY item ORDER BY costed - cost DESC, paid DESC, item LIMIT {first:UInt32}`,
      { ...parameters(period), first },
    );
  }

  /** Items most often in one basket together, over whole months. */
  pairs(tenantId: string, fromMonth: string, first: number): Promise<Pair[]> {
    return this.#read(
      ({
        database,
      }) => `SELECT p.first AS first, p.second AS second, sum(p.baskets) AS baskets FROM ${database}.item_pair AS p WHERE tenant = {tenant:UUID} AND month >= {month:Date}
      GROUP BY first, second ORDER BY baskets DESC, first, second LIMIT {limit:UInt32}`,
      { tenant: tenantId, month: fromMonth, limit: first },
    );
  }

  /** All customers who ever bought; `since`: from when on a purchase counts as recent. */
  async behaviour(tenantId: string, since: Date): Promise<BehaviourSums> {
    const rows = await this.#read<BehaviourSums>(
      ({
        database,
      }) => `SELECT count() AS customers, countIf(c.purchases > 1) AS returning, sum(c.purchases) AS purchases, countIf(c.last >= fromUnixTimestamp64Milli({since:Int64})) AS activeRecently,
        sum(c.quantity) AS quantity, sum(c.list) AS list, sum(c.paid) AS paid, sum(c.net) AS net, sum(c.costed) AS costed, sum(c.cost) AS cost
      FROM (SELECT customer, sum(b.purchases) AS purchases, max(b.last) AS last, ${sumsOf("b")} FROM ${database}.customer_behaviour AS b WHERE tenant = {tenant:UUID} GROUP BY customer) AS c`,
      { tenant: tenantId, since: since.getTime() },
    );
    return (
      rows[0] ?? { customers: 0, returning: 0, purchases: 0, activeRecently: 0, quantity: 0, list: 0, paid: 0, net: 0, costed: 0, cost: 0 }
    );
  }

  /** Reads the active tables; when they were swapped and dropped meanwhile, once more the new ones. */
  async #read<Row>(query: (generation: Generation) => string, parameters: Record<string, unknown>): Promise<Row[]> {
    const generation = await this.#generations.required();
    try {
      return await rowsOfQuery<Row>(this.#engine.reports, query(generation), parameters);
    } catch (error) {
      const now = await this.#generations.required();
      if (now.id === generation.id) throw error;
      return rowsOfQuery<Row>(this.#engine.reports, query(now), parameters);
    }
  }
}
