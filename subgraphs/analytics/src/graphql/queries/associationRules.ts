import { requireStaff } from "@kava/platform/graphql/context";
import { GraphQLError } from "graphql";
import { Arg, Ctx, Float, Int, Query, Resolver } from "type-graphql";
import type { AnalyticsContext } from "../context.js";
import { limited } from "../pageLimit.js";
import { AssociationRule, RuleOrder, associationRuleOf } from "../types/associationRule.js";
import { StaffOnly } from "../types/staffOnly.js";

const MOST = 1_000;

@Resolver()
export class AssociationRuleQueries {
  @Query(() => [AssociationRule], {
    nullable: true,
    description:
      "Staff: what is bought together, mined exactly from the latest 200,000 baskets (support from 0.001, confidence from 0.05); at most 1,000.",
  })
  @StaffOnly()
  async associationRules(
    @Ctx() context: AnalyticsContext,
    @Arg("first", () => Int, { defaultValue: 20, nullable: true }) first: number | null,
    @Arg("minimumSupport", () => Float, { nullable: true }) minimumSupport: number | null,
    @Arg("minimumConfidence", () => Float, { nullable: true }) minimumConfidence: number | null,
    @Arg("order", () => RuleOrder, { defaultValue: RuleOrder.LIFT, nullable: true }) order: RuleOrder | null,
  ): Promise<AssociationRule[]> {
    requireStaff(context);
    const filter = {
      first: limited(first ?? 20, MOST),
      minimumSupport: share("minimumSupport", minimumSupport),
      minimumConfidence: share("minimumConfidence", minimumConfidence),
      order: order ?? RuleOrder.LIFT,
    };
    return (await context.rules.find(context.identity.tenantId, filter)).map(associationRuleOf);
  }
}

const share = (name: string, value: number | null): number => {
  if (value === null || value === undefined) return 0;
  if (value >= 0 && value <= 1) return value;
  throw new GraphQLError(`${name} is a share from 0 to 1, not ${value}`, { extensions: { code: "BAD_USER_INPUT" } });
};
