import { mayActFor, scopesOf } from "@kava/contracts/identity";
import { isUuid } from "@kava/contracts/ids";
import { Arg, Ctx, Directive, Field, FieldResolver, ID, Int, ObjectType, Resolver, Root } from "type-graphql";
import type { AnalyticsContext } from "../context.js";
import { limited } from "../pageLimit.js";
import { Recommendation, recommendationOf } from "./recommendation.js";

const MOST = 50;

/** Analytics' part of a customer. */
@ObjectType("Customer")
@Directive('@key(fields: "id")')
export class Customer {
  @Field(() => ID) id!: string;
}

export const customerOf = (id: string): Customer => Object.assign(new Customer(), { id });

@Resolver(() => Customer)
export class CustomerFields {
  @FieldResolver(() => [Recommendation], {
    nullable: true,
    description:
      "What the customer will probably like next, best first, with the reason; at most 50. Who has bought nothing yet gets what is popular and what answers their declared tastes.",
  })
  async recommendedItems(
    @Root() { id }: Customer,
    @Ctx() context: AnalyticsContext,
    @Arg("first", () => Int, { defaultValue: 5, nullable: true }) first: number | null,
  ): Promise<Recommendation[] | null> {
    const size = limited(first ?? 5, MOST);
    const { identity, language } = context;
    if (!isUuid(id) || !(mayActFor(identity, id) || scopesOf(identity).has("customers:read"))) return null;
    return (await context.recommendations.load(id)).slice(0, size).map((each) => recommendationOf(each, language));
  }
}
