import { requireScope } from "@kava/platform/graphql/context";
import { InvalidInput, UnknownItem } from "@kava/platform/graphql/errors";
import { DateTimeScalar, DecimalScalar } from "@kava/platform/graphql/scalars";
import { Arg, Ctx, Field, Float, ID, InputType, Int, Mutation, Resolver, createUnionType } from "type-graphql";
import { promotionProblem, type PromotionRule, type Reduction } from "../../domain/promotion.js";
import { actorOf, type MenuContext } from "../context.js";
import { UnknownVenue } from "../types/errors.js";
import { Promotion, promotionOf } from "../types/promotion.js";
import { MarketerOnly } from "../types/staffOnly.js";
import { firstUnknown, readMoney, readText } from "../values.js";

@InputType("PromotionRuleInput", { description: "All that is given must hold; an empty rule holds for everything." })
class PromotionRuleInput {
  @Field(() => [ID], { nullable: true }) itemIds?: string[] | null;
  @Field(() => [String], { nullable: true }) categories?: string[] | null;
  @Field(() => [ID], { nullable: true }) venueIds?: string[] | null;
  @Field(() => [Int], { nullable: true, description: "1 (Monday) to 7 (Sunday), in the chain's time zone." }) weekdays?: number[] | null;
  @Field(() => Int, { nullable: true, description: "From this hour, 0 to 23." }) fromHour?: number | null;
  @Field(() => Int, { nullable: true, description: "Until this hour, 1 to 24." }) toHour?: number | null;
}

@InputType("CreatePromotionInput", { description: "Give either percent or amount." })
class CreatePromotionInput {
  @Field(() => String) name!: string;
  @Field(() => DateTimeScalar, { nullable: true, description: "Default: now." }) startsAt?: string | null;
  @Field(() => DateTimeScalar, { nullable: true, description: "Default: until somebody ends it." }) endsAt?: string | null;
  @Field(() => Float, { nullable: true }) percent?: number | null;
  @Field(() => DecimalScalar, { nullable: true }) amount?: string | null;
  @Field(() => PromotionRuleInput, { nullable: true }) rule?: PromotionRuleInput | null;
}

const CreatePromotionResult = createUnionType({
  name: "CreatePromotionResult",
  types: () => [Promotion, UnknownItem, UnknownVenue, InvalidInput] as const,
});

@Resolver()
export class CreatePromotion {
  @Mutation(() => CreatePromotionResult, { description: "Marketers: plans a public promotion, or begins it at once." })
  @MarketerOnly()
  async createPromotion(
    @Arg("input", () => CreatePromotionInput) input: CreatePromotionInput,
    @Ctx() context: MenuContext,
  ): Promise<Promotion | UnknownItem | UnknownVenue | InvalidInput> {
    requireScope(context, "marketer");
    const name = readText(input.name, "name");
    if (name instanceof InvalidInput) return name;
    const reduction = await readReduction(input, context);
    if (reduction instanceof InvalidInput) return reduction;
    const schedule = {
      startsAt: input.startsAt ? new Date(input.startsAt) : context.now,
      endsAt: input.endsAt ? new Date(input.endsAt) : null,
    };
    const rule = ruleOf(input.rule ?? {});
    const problem = promotionProblem(schedule, reduction, rule, context.now);
    if (problem) return InvalidInput.of(problem.message, problem.field);
    const unknownItem = await firstUnknown(rule.itemIds, context.items);
    if (unknownItem) return UnknownItem.of(unknownItem);
    const unknownVenue = await firstUnknown(rule.venueIds, context.venues);
    if (unknownVenue) return UnknownVenue.of(unknownVenue);
    const promotion = await context.menu.promotions.create(actorOf(context), { name, reduction, rule, ...schedule });
    await context.menu.schedule(schedule);
    return promotionOf(promotion);
  }
}

const readReduction = async ({ percent, amount }: CreatePromotionInput, context: MenuContext): Promise<Reduction | InvalidInput> => {
  if ((typeof percent === "number") === (typeof amount === "string")) return InvalidInput.of("give either percent or amount", "percent");
  if (typeof percent === "number") return { percent };
  const amountMinor = readMoney(amount ?? "", "amount", await context.currency());
  return amountMinor instanceof InvalidInput ? amountMinor : { amountMinor };
};

/** The rule as it is kept: without what was not given. */
const ruleOf = ({ itemIds, venueIds, ...rest }: PromotionRuleInput): PromotionRule => ({
  ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null && value !== undefined)),
  ...(itemIds ? { itemIds: itemIds.map((id) => id.toLowerCase()) } : {}),
  ...(venueIds ? { venueIds: venueIds.map((id) => id.toLowerCase()) } : {}),
});
