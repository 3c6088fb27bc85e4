import { requireStaff } from "@kava/platform/graphql/context";
import { decodeCursor, encodeCursor, pageSize, type Connection } from "@kava/platform/graphql/connection";
import { Arg, Ctx, Directive, FieldResolver, Float, Int, Resolver, Root } from "type-graphql";
import { maySee, type DiscountContext } from "./context.js";
import { Offer, OfferConnection } from "./Offer.js";
import { showLiveOffer, showOffer } from "./showOffer.js";
import { Customer } from "./stubs.js";

@Resolver(() => Customer)
export class CustomerFields {
  @FieldResolver(() => Offer, { nullable: true, description: "The best live offer; for the customer and staff." })
  async offer(@Root() customer: Customer, @Ctx() context: DiscountContext): Promise<Offer | null> {
    return maySee(context, customer.id) ? showLiveOffer(customer.id, context) : null;
  }

  @Directive('@requiresScopes(scopes: [["staff"]])')
  @FieldResolver(() => Float, {
    nullable: true,
    description:
      "Rise in the probability of a purchase by a typical offer, -1 to 1: an estimate of the response model in service, see its rung in a decision. Null when nothing could be offered. Staff only.",
  })
  async discountAffinity(@Root() customer: Customer, @Ctx() context: DiscountContext): Promise<number | null> {
    requireStaff(context);
    return context.load.affinity.load(customer.id);
  }

  @FieldResolver(() => OfferConnection, { nullable: true, description: "All offers, newest first; for the customer and staff." })
  async offers(
    @Root() customer: Customer,
    @Arg("first", () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg("after", () => String, { nullable: true }) after: string | null,
    @Ctx() context: DiscountContext,
  ): Promise<Connection<Offer> | null> {
    if (!maySee(context, customer.id)) return null;
    const limit = pageSize(first ?? 20);
    const [at, id] = after ? decodeCursor(after, 2) : [];
    const rows = await context.stores.offers.page(
      context.identity.tenantId,
      customer.id,
      limit + 1,
      after ? { createdAt: new Date(String(at)), id: String(id) } : null,
    );
    const edges = await Promise.all(
      rows
        .slice(0, limit)
        .map(async (row) => ({ cursor: encodeCursor([row.createdAt.toISOString(), row.id]), node: await showOffer(row, context) })),
    );
    return { edges, pageInfo: { hasNextPage: rows.length > limit, endCursor: edges.at(-1)?.cursor ?? null } };
  }
}
