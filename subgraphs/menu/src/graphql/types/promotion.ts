import { connectionOf } from "@kava/platform/graphql/connection";
import { requireStaff } from "@kava/platform/graphql/context";
import { Money, moneyOf } from "@kava/platform/graphql/money";
import { DateTimeScalar } from "@kava/platform/graphql/scalars";
import { Ctx, Directive, Field, FieldResolver, Float, ID, Int, ObjectType, Resolver, Root, registerEnumType } from "type-graphql";
import { phaseOf, type Phase, type PromotionRule as Rule } from "../../domain/promotion.js";
import type { PromotionRow } from "../../storage/promotionReads.js";
import type { MenuContext } from "../context.js";
import { StaffOnly } from "./staffOnly.js";

export enum PromotionState {
  SCHEDULED = "scheduled",
  LIVE = "live",
  ENDED = "ended",
}
const STATES: Record<Phase, PromotionState> = {
  scheduled: PromotionState.SCHEDULED,
  live: PromotionState.LIVE,
  ended: PromotionState.ENDED,
};
registerEnumType(PromotionState, { name: "PromotionState", description: "Customers and partners see live promotions only." });

@ObjectType("PromotionRule", {
  description: "Where and when a promotion applies: all that is given must hold. Hours and weekdays are of the chain's time zone.",
})
export class PromotionRule {
  @Field(() => [ID], { nullable: true }) itemIds?: string[];
  @Field(() => [String], { nullable: true }) categories?: string[];
  @Field(() => [ID], { nullable: true }) venueIds?: string[];
  @Field(() => [Int], { nullable: true, description: "1 (Monday) to 7 (Sunday)." }) weekdays?: number[];
  @Field(() => Int, { nullable: true, description: "From this hour, 0 to 23." }) fromHour?: number;
  @Field(() => Int, { nullable: true, description: "Until this hour, 1 to 24; it is no longer part of it." }) toHour?: number;
}

@ObjectType("Promotion", { description: "A reduction that is the same for everyone who matches its rule." })
@Directive('@key(fields: "id")')
export class Promotion {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => DateTimeScalar) startsAt!: string;
  @Field(() => DateTimeScalar, { nullable: true, description: "Null: until somebody ends it." }) endsAt!: string | null;
  @Field(() => Float, { nullable: true, description: "Percent off the menu price; else there is an amount." }) percent!: number | null;
  @Field(() => PromotionRule) rule!: Rule;
  row!: Pick<PromotionRow, "amountMinor" | "startsAt" | "endsAt" | "version">;
}

export const PromotionConnection = connectionOf("Promotion", () => Promotion);

export const promotionOf = (
  row: { [K in keyof PromotionRow]?: PromotionRow[K] } & Pick<PromotionRow, "id" | "name" | "startsAt" | "rule" | "version">,
): Promotion => {
  const { id, name, startsAt, endsAt = null, percent = null, amountMinor = null, rule, version } = row;
  return Object.assign(new Promotion(), {
    id,
    name,
    startsAt: startsAt.toISOString(),
    endsAt: endsAt?.toISOString() ?? null,
    percent,
    rule,
    row: { amountMinor, startsAt, endsAt, version },
  });
};

@Resolver(() => Promotion)
export class PromotionFields {
  @FieldResolver(() => PromotionState)
  state(@Root() { row }: Promotion, @Ctx() { now }: MenuContext): PromotionState {
    return STATES[phaseOf(row, now)];
  }

  @FieldResolver(() => Money, { nullable: true, description: "An amount off the menu price of one; else there is a percent." })
  async amount(@Root() { row }: Promotion, @Ctx() context: MenuContext): Promise<Money | null> {
    return row.amountMinor === null ? null : moneyOf(row.amountMinor, await context.currency());
  }

  @FieldResolver(() => Int, { nullable: true, description: "Staff only: rises with every change." })
  @StaffOnly()
  version(@Root() { row }: Promotion, @Ctx() context: MenuContext): number {
    requireStaff(context);
    return row.version;
  }
}
