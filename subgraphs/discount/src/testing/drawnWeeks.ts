import { uniformAt } from "@kava/algorithms/random";
import { newId } from "@kava/contracts/ids";
import type { Propensity } from "../domain/decision.js";
import { isoWeek } from "../domain/localTime.js";
import type { DiscountUnderTest } from "./startDiscount.js";

const DAY_MS = 86_400_000;

/** A log of draws as months of service would leave it, and what customers did: each of `customers` had one week that chance decided. */
export interface DrawnWeeks {
  item: { itemId: string; priceMinor: number; costMinor: number };
  customers: number;
  /** What could be drawn, percent, 0 among them, each with the same chance. */
  depths: readonly number[];
  /** The truth: chance of buying the item in the week after the draw, by how much it is liked (0.1 to 0.4). */
  buys(depth: number, taste: number): number;
}

/** Writes them: drawn 100 to 40 days ago, so that every outcome is known. All bought once more since, so that there is turnover now. */
export const writeDrawnWeeks = async (discount: DiscountUnderTest, { item, customers, depths, buys }: DrawnWeeks): Promise<void> => {
  const propensities: Propensity[] = depths.map((depth) => ({ depth, probability: 1 / depths.length }));
  const rows = Array.from({ length: customers }, (_, i) => {
    const depth = depths[Math.floor(uniformAt(7, "depth", i) * depths.length)]!;
    const taste = 0.1 + 0.3 * uniformAt(7, "taste", i);
    const decidedAt = new Date(discount.now.getTime() - (100 - (60 * i) / customers) * DAY_MS);
    return {
      customer_id: newId(),
      week: isoWeek(decidedAt, "UTC"),
      decided_at: decidedAt.toISOString(),
      depth,
      customer: {
        purchaseCount: 5,
        recencyDays: 20 * uniformAt(7, "recency", i),
        frequencyPerWeek: 0.2 + uniformAt(7, "frequency", i),
        averageOrderMinor: 300 + 400 * uniformAt(7, "order", i),
        medianGapDays: 7,
        segment: null,
      },
      item: { taste, priceMinor: item.priceMinor, costMinor: item.costMinor, boughtCount: 1 },
      bought: uniformAt(7, "buys", i) < buys(depth, taste),
      bought_at: new Date(decidedAt.getTime() + 3 * DAY_MS).toISOString(),
      paid: Math.ceil(item.priceMinor * (1 - depth / 100)),
    };
  });
  const record =
    "jsonb_to_recordset($2::jsonb) AS r(customer_id uuid, week text, decided_at timestamptz, depth float8, customer jsonb, item jsonb, bought bool, bought_at timestamptz, paid bigint)";
  await discount.sql.query(
    `INSERT INTO assignment (tenant_id, customer_id, week, decided_at, item_id, depth, propensities, customer, item, model_version, policy_version)
     SELECT $1, customer_id, week, decided_at, $3, depth, $4, customer, item, 'prior-1', 'margin-4' FROM ${record}`,
    [discount.tenantId, JSON.stringify(rows), item.itemId, JSON.stringify(propensities)],
  );
  await discount.sql.query(
    `INSERT INTO visit (tenant_id, customer_id, purchase_id, at, total_minor, item_ids, quantities, paid_minor)
     SELECT $1, customer_id, gen_random_uuid(), bought_at, paid, ARRAY[$3::uuid], ARRAY[1], ARRAY[paid] FROM ${record} WHERE bought`,
    [discount.tenantId, JSON.stringify(rows), item.itemId],
  );
  await discount.sql.query(
    `INSERT INTO visit (tenant_id, customer_id, purchase_id, at, total_minor, item_ids, quantities, paid_minor)
     SELECT $1, customer_id, gen_random_uuid(), $4, paid, ARRAY[$3::uuid], ARRAY[1], ARRAY[paid] FROM ${record}`,
    [discount.tenantId, JSON.stringify(rows), item.itemId, new Date(discount.now.getTime() - 10 * DAY_MS)],
  );
};
