import { Money, moneyOf } from "@kava/platform/graphql/money";
import { requireStaff } from "@kava/platform/graphql/context";
import { JsonScalar } from "@kava/platform/graphql/scalars";
import { renderBecause } from "@kava/platform/language/because";
import { Ctx, Directive, FieldResolver, Resolver, Root } from "type-graphql";
import { becauseOf, usedFactsOf } from "../domain/receipt.js";
import type { DiscountContext } from "./context.js";
import { Offer, OfferReceipt } from "./Offer.js";
import { Customer, MenuItem } from "./stubs.js";
import { nameFact } from "./usedFacts.js";

@Resolver(() => Offer)
export class OfferFields {
  @FieldResolver(() => MenuItem, { nullable: true })
  item(@Root() { stored }: Offer): MenuItem {
    return MenuItem.of(stored.itemId);
  }

  @FieldResolver(() => Money, { nullable: true, description: "What the customer pays for one unit now; null when the offer is over." })
  async price(@Root() { checked }: Offer, @Ctx() context: DiscountContext): Promise<Money | null> {
    return checked ? moneyOf(checked.unitPrice, await context.load.facts()) : null;
  }

  @FieldResolver(() => String)
  because(@Root() { stored }: Offer, @Ctx() { language }: DiscountContext): string {
    return renderBecause(stored.because, language);
  }

  @FieldResolver(() => Customer, { nullable: true })
  customer(@Root() { stored }: Offer): Customer {
    return Customer.of(stored.customerId);
  }

  @FieldResolver(() => OfferReceipt, { nullable: true, description: "What the customer may know of the decision." })
  async receipt(@Root() { stored }: Offer, @Ctx() context: DiscountContext): Promise<OfferReceipt | null> {
    const record = await context.load.decision.load(stored.decisionId);
    if (!record) return null;
    return Object.assign(new OfferReceipt(), {
      because: becauseOf(stored.because).map((because) => renderBecause(because, context.language)),
      personalised: true,
      decidedAt: stored.createdAt,
      usedFacts: usedFactsOf(record.input, stored.itemId).map((fact) => nameFact(fact, context.language)),
    });
  }

  @FieldResolver(() => JsonScalar, {
    nullable: true,
    description: "The whole decision as it was made; it replays to the same result. Staff only.",
  })
  @Directive('@requiresScopes(scopes: [["staff"]])')
  async decision(@Root() { stored }: Offer, @Ctx() context: DiscountContext): Promise<object | null> {
    requireStaff(context);
    return context.load.decision.load(stored.decisionId);
  }
}
