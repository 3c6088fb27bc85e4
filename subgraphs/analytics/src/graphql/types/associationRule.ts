import { Field, Float, Int, ObjectType, registerEnumType } from "type-graphql";
import type { StoredRule } from "../../storage/rules.js";
import { MenuItem, itemOf } from "./menuItem.js";

export enum RuleOrder {
  LIFT = "lift",
  CONFIDENCE = "confidence",
  SUPPORT = "support",
  LEVERAGE = "leverage",
}
registerEnumType(RuleOrder, { name: "RuleOrder", description: "Which rules come first: those with the greatest value." });

@ObjectType("AssociationRule", { description: "Whose basket holds all of the antecedent also takes the consequent." })
export class AssociationRule {
  @Field(() => [MenuItem], { nullable: "items" }) antecedent!: MenuItem[];
  @Field(() => MenuItem, { nullable: true }) consequent!: MenuItem | null;
  @Field(() => Float, { description: "Share of all baskets that hold antecedent and consequent." }) support!: number;
  @Field(() => Float, { description: "Share of the baskets with the antecedent that hold the consequent too." }) confidence!: number;
  @Field(() => Float, { description: "How many times as often together as by chance." }) lift!: number;
  @Field(() => Float, { description: "Share of all baskets by which they are together more often than by chance." }) leverage!: number;
  @Field(() => Int, { description: "Baskets that hold antecedent and consequent." }) baskets!: number;
}

export const associationRuleOf = ({ antecedent, consequent, ...figures }: StoredRule): AssociationRule =>
  Object.assign(new AssociationRule(), { ...figures, antecedent: antecedent.map(itemOf), consequent: itemOf(consequent) });
