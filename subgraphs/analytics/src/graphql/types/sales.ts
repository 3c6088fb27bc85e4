import { DateScalar } from "@kava/platform/graphql/scalars";
import { Money, moneyOf, type Currency } from "@kava/platform/graphql/money";
import { Field, Float, ID, Int, ObjectType } from "type-graphql";
import { coverageOf, marginOf, marginRateOf } from "../../domain/margin.js";
import type { BehaviourSums, DaySums, ItemSums, Pair, Sums } from "../../storage/clickhouse/reports.js";
import { MenuItem, itemOf } from "./menuItem.js";
import { StaffOnly } from "./staffOnly.js";

const MARGIN = "Net of tax and cost, over the lines whose cost was known when they were sold; null when none was.";

@ObjectType("SalesDay", { description: "A day's sales, in the chain's own time zone." })
@StaffOnly()
export class SalesDay {
  @Field(() => DateScalar) day!: string;
  @Field(() => Int) purchases!: number;
  @Field(() => Money, { description: "What was paid." }) revenue!: Money;
  @Field(() => Money, { description: "What was taken off list prices." }) discount!: Money;
  @Field(() => Money, { nullable: true, description: MARGIN }) margin!: Money | null;
  @Field(() => Float, { nullable: true, description: "Share of the net sales that the margin speaks of, 0 to 1." }) marginCoverage!:
    | number
    | null;
}

@ObjectType("ItemSales", { description: "An item's sales over some days." })
@StaffOnly()
export class ItemSales {
  @Field(() => ID) itemId!: string;
  @Field(() => MenuItem, { nullable: true }) item!: MenuItem | null;
  @Field(() => Int) quantity!: number;
  @Field(() => Money) revenue!: Money;
  @Field(() => Money) discount!: Money;
  @Field(() => Money, { nullable: true, description: MARGIN }) margin!: Money | null;
  @Field(() => Float, { nullable: true, description: "Margin as a share of the net sales it was made on." }) marginRate!: number | null;
}

@ObjectType("ItemPair", { description: "Two items that were in one basket." })
@StaffOnly()
export class ItemPair {
  @Field(() => MenuItem, { nullable: true }) first!: MenuItem | null;
  @Field(() => MenuItem, { nullable: true }) second!: MenuItem | null;
  @Field(() => Int) baskets!: number;
}

@ObjectType("CustomerBehaviour", { description: "All customers who ever bought, together." })
@StaffOnly()
export class CustomerBehaviour {
  @Field(() => Int) customers!: number;
  @Field(() => Int, { description: "Customers with more than one purchase." }) returning!: number;
  @Field(() => Int, { description: "Customers with a purchase in the last 28 days." }) activeRecently!: number;
  @Field(() => Int) purchases!: number;
  @Field(() => Float, { nullable: true }) purchasesPerCustomer!: number | null;
  @Field(() => Money, { nullable: true }) averageOrder!: Money | null;
  @Field(() => Money, { nullable: true }) revenuePerCustomer!: Money | null;
  @Field(() => Money, { nullable: true, description: MARGIN }) marginPerCustomer!: Money | null;
}

const moneyFields = (sums: Sums, currency: Currency) => {
  const margin = marginOf(sums);
  return {
    revenue: moneyOf(sums.paid, currency),
    discount: moneyOf(sums.list - sums.paid, currency),
    margin: margin === null ? null : moneyOf(margin, currency),
  };
};

export const salesDayOf = (row: DaySums, currency: Currency): SalesDay =>
  Object.assign(new SalesDay(), { day: row.day, purchases: row.purchases, ...moneyFields(row, currency), marginCoverage: coverageOf(row) });

export const itemSalesOf = (row: ItemSums, currency: Currency): ItemSales =>
  Object.assign(new ItemSales(), {
    itemId: row.item,
    item: itemOf(row.item),
    quantity: row.quantity,
    ...moneyFields(row, currency),
    marginRate: marginRateOf(row),
  });

export const itemPairOf = ({ first, second, baskets }: Pair): ItemPair =>
  Object.assign(new ItemPair(), { first: itemOf(first), second: itemOf(second), baskets });

export const customerBehaviourOf = (row: BehaviourSums, currency: Currency): CustomerBehaviour => {
  const { customers, returning, activeRecently, purchases, paid } = row;
  const share = (amount: number | null, among: number) =>
    amount === null || among === 0 ? null : moneyOf(Math.round(amount / among), currency);
  return Object.assign(new CustomerBehaviour(), {
    customers,
    returning,
    activeRecently,
    purchases,
    purchasesPerCustomer: customers === 0 ? null : Math.round((100 * purchases) / customers) / 100,
    averageOrder: share(paid, purchases),
    revenuePerCustomer: share(paid, customers),
    marginPerCustomer: share(marginOf(row), customers),
  });
};
