import { isUuid } from "@kava/contracts/ids";
import { requireStaff } from "@kava/platform/graphql/context";
import { DateScalar } from "@kava/platform/graphql/scalars";
import { GraphQLError } from "graphql";
import { Arg, Ctx, ID, Int, Query, Resolver } from "type-graphql";
import { refusalOfPeriod } from "../../domain/reportPeriod.js";
import type { Period } from "../../storage/clickhouse/reports.js";
import type { AnalyticsContext } from "../context.js";
import { limited } from "../pageLimit.js";
import {
  CustomerBehaviour,
  ItemPair,
  ItemSales,
  SalesDay,
  customerBehaviourOf,
  itemPairOf,
  itemSalesOf,
  salesDayOf,
} from "../types/sales.js";
import { StaffOnly } from "../types/staffOnly.js";

const MOST_ITEMS = 500;
const MOST_PAIRS = 200;
const RECENT_MS = 28 * 86_400_000;

@Resolver()
export class SalesReports {
  @Query(() => [SalesDay], { nullable: true, description: "Staff: sales of each day that had any, both ends included, at most 400 days." })
  @StaffOnly()
  async salesByDay(
    @Ctx() context: AnalyticsContext,
    @Arg("from", () => DateScalar) from: string,
    @Arg("to", () => DateScalar) to: string,
    @Arg("venueId", () => ID, { nullable: true }) venueId: string | null,
  ): Promise<SalesDay[]> {
    const period = periodOf(context, from, to, venueId);
    const [rows, currency] = await Promise.all([context.reports.byDay(period), context.currency()]);
    return rows.map((row) => salesDayOf(row, currency));
  }

  @Query(() => [ItemSales], { nullable: true, description: "Staff: items by what they earned, at most 400 days." })
  @StaffOnly()
  async salesByItem(
    @Ctx() context: AnalyticsContext,
    @Arg("from", () => DateScalar) from: string,
    @Arg("to", () => DateScalar) to: string,
    @Arg("venueId", () => ID, { nullable: true }) venueId: string | null,
    @Arg("first", () => Int, { defaultValue: 50, nullable: true }) first: number | null,
  ): Promise<ItemSales[]> {
    const period = periodOf(context, from, to, venueId);
    const [rows, currency] = await Promise.all([context.reports.byItem(period, limited(first ?? 50, MOST_ITEMS)), context.currency()]);
    return rows.map((row) => itemSalesOf(row, currency));
  }

  @Query(() => [ItemPair], {
    nullable: true,
    description: "Staff: items that were most often in one basket together, since the beginning of a day's month.",
  })
  @StaffOnly()
  async itemPairs(
    @Ctx() context: AnalyticsContext,
    @Arg("since", () => DateScalar) since: string,
    @Arg("first", () => Int, { defaultValue: 20, nullable: true }) first: number | null,
  ): Promise<ItemPair[]> {
    requireStaff(context);
    return (await context.reports.pairs(context.identity.tenantId, `${since.slice(0, 7)}-01`, limited(first ?? 20, MOST_PAIRS))).map(
      itemPairOf,
    );
  }

  @Query(() => CustomerBehaviour, { nullable: true, description: "Staff: how the chain's customers buy." })
  @StaffOnly()
  async customerBehaviour(@Ctx() context: AnalyticsContext): Promise<CustomerBehaviour> {
    requireStaff(context);
    const [sums, currency] = await Promise.all([
      context.reports.behaviour(context.identity.tenantId, new Date(context.now.getTime() - RECENT_MS)),
      context.currency(),
    ]);
    return customerBehaviourOf(sums, currency);
  }
}

const periodOf = (context: AnalyticsContext, from: string, to: string, venueId: string | null): Period => {
  requireStaff(context);
  const refusal =
    refusalOfPeriod(from, to) ?? (venueId && !isUuid(venueId) ? `${venueId.slice(0, 60)} is no venue: take an id of nearestVenues` : null);
  if (refusal) throw new GraphQLError(refusal, { extensions: { code: "BAD_USER_INPUT" } });
  return { tenantId: context.identity.tenantId, from, to, venueId: venueId ?? null };
};
