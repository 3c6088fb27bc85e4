import { fromDecimal, toDecimal } from "@kava/contracts/money";
import { DecimalScalar } from "@kava/platform/graphql/scalars";
import { renderBecause } from "@kava/platform/language/because";
import { Arg, Ctx, Directive, Field, FieldResolver, Float, ID, ObjectType, Resolver, Root } from "type-graphql";
import { personalPriceOf } from "../domain/personalPrice.js";
import { promotionsInForce } from "../domain/promotions.js";
import { maySee, type DiscountContext } from "./context.js";
import { showLiveOffer } from "./showOffer.js";
import { MenuItem } from "./stubs.js";

@ObjectType("PersonalPrice", { description: "What one customer pays for one unit. It passed the margin check." })
export class PersonalPrice {
  @Field(() => DecimalScalar) amount!: string;
  @Field(() => String) currency!: string;
  @Field(() => Float, { description: "Percent off the list price." }) depth!: number;
  @Field(() => String) because!: string;
  @Field(() => Boolean, { description: "Whether it was made for this customer; false: everybody pays it." }) personalised!: boolean;
}

@Resolver(() => MenuItem)
export class MenuItemFields {
  @FieldResolver(() => PersonalPrice, {
    nullable: true,
    description:
      "By default of the signed-in customer; naming one is for staff and tills (null for others). A stranger sees the public price.",
  })
  @Directive('@requires(fields: "price { amount currency }")')
  async personalPrice(
    @Root() { id, price }: MenuItem,
    @Arg("customerId", () => ID, { nullable: true }) named: string | null,
    @Ctx() context: DiscountContext,
  ): Promise<PersonalPrice | null> {
    if (named && !maySee(context, named)) return null;
    const customerId = named ?? (context.identity.role === "customer" ? context.identity.customerId : undefined);
    const [facts, item, promotions, offer] = await Promise.all([
      context.load.facts(),
      context.load.item.load(id),
      context.load.promotions(),
      customerId ? showLiveOffer(customerId, context) : null,
    ]);
    // the list price is the one of the same answer, not of our view: both prices that a customer sees side by side must agree
    const priceMinor = price ? fromDecimal(price.amount, facts.minorDigits) : null;
    if (priceMinor === null || price.currency !== facts.currency) return null;
    const inForce = item ? promotionsInForce(promotions, item, { at: context.now, venueId: null, timeZone: facts.timeZone }) : [];
    const personal = personalPriceOf(
      { priceMinor, costMinor: item?.costMinor ?? null, promotions: inForce },
      offer?.stored.itemId === id ? offer.depth : null,
      facts,
    );
    return (
      personal &&
      Object.assign(new PersonalPrice(), {
        amount: toDecimal(personal.price.unitPrice, facts.minorDigits),
        currency: facts.currency,
        depth: personal.depth,
        because: renderBecause(personal.because, context.language),
        personalised: personal.personalised,
      })
    );
  }
}
