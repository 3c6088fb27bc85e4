import type { CustomerHistory } from "../../domain/tasteModel.js";
import type { Generations } from "../generations.js";
import { historyOf, linesOf, type HistoryLine, type ObservedText } from "./observed.js";
import { linesOfQuery, rowsOfQuery, type Engine } from "./engine.js";

/** What learning looks at, at the most: the latest baskets, and the customers seen last. */
export const MOST_BASKETS = 200_000;
export const MOST_CUSTOMERS = 200_000;

const historiesQuery = (database: string, which: string): string => `
  SELECT customer, any(n) AS n, groupArray(item) AS items, groupArray(held) AS helds FROM (
    SELECT customer, item, sum(baskets) AS held FROM ${database}.customer_item WHERE tenant = {tenant:UUID} AND customer IN (${which}) GROUP BY customer, item ORDER BY customer, item) AS habit
  INNER JOIN (SELECT customer, sum(purchases) AS n FROM ${database}.customer_behaviour WHERE tenant = {tenant:UUID} AND customer IN (${which}) GROUP BY customer) AS visits USING (customer)
  GROUP BY customer ORDER BY customer`;

/** What customers bought, out of ClickHouse, over the client that mines: a report never waits behind it. */
export class Histories {
  readonly #engine: Engine;
  readonly #generations: Generations;
  constructor(engine: Engine, generations: Generations) {
    this.#engine = engine;
    this.#generations = generations;
  }

  async purchases(tenantId: string): Promise<number> {
    const { database } = await this.#generations.required();
    const [row] = await rowsOfQuery<{ n: number }>(
      this.#engine.mining,
      `SELECT sum(purchases) AS n FROM ${database}.sales_by_day WHERE tenant = {tenant:UUID}`,
      { tenant: tenantId },
    );
    return row?.n ?? 0;
  }

  async observed(tenantId: string): Promise<ObservedText> {
    const { database } = await this.#generations.required();
    const last = `SELECT customer FROM ${database}.customer_behaviour WHERE tenant = {tenant:UUID} GROUP BY customer ORDER BY max(last) DESC, customer LIMIT ${MOST_CUSTOMERS}`;
    const baskets = `SELECT arraySort(arrayDistinct(items)), customer, toUnixTimestamp64Milli(at) FROM ${database}.purchase WHERE tenant = {tenant:UUID} ORDER BY at DESC, purchase LIMIT ${MOST_BASKETS}`;
    return {
      baskets: await linesOfQuery(this.#engine.mining, baskets, { tenant: tenantId }),
      histories: await linesOfQuery(this.#engine.mining, historiesQuery(database, last), { tenant: tenantId }),
    };
  }

  /** The histories of these customers; who never bought is missing from the map. */
  async of(tenantId: string, customerIds: readonly string[]): Promise<Map<string, CustomerHistory>> {
    const { database } = await this.#generations.required();
    const text = await linesOfQuery(this.#engine.mining, historiesQuery(database, "{customers:Array(UUID)}"), {
      tenant: tenantId,
      customers: [...customerIds],
    });
    return new Map(linesOf<HistoryLine>(text).map((line) => [line[0], historyOf(line)]));
  }
}
