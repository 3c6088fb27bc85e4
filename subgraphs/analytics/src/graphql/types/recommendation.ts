import { renderBecause, type Language } from "@kava/platform/language/because";
import { Field, Float, ID, ObjectType } from "type-graphql";
import type { Recommended } from "../../domain/recommendation.js";
import { MenuItem, itemOf } from "./menuItem.js";

@ObjectType("Recommendation", { description: "An item that a customer will probably like." })
export class Recommendation {
  @Field(() => ID) itemId!: string;
  @Field(() => MenuItem, { nullable: true }) item!: MenuItem | null;
  @Field(() => Float, { description: "Chance that the customer's next basket holds it, 0 to 1." }) score!: number;
  @Field(() => String, { description: "Why, in the language asked for." }) because!: string;
}

export const recommendationOf = ({ itemId, score, because }: Recommended, language: Language): Recommendation =>
  Object.assign(new Recommendation(), { itemId, item: itemOf(itemId), score, because: renderBecause(because, language) });
