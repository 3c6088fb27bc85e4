import { decodeCursor, pageSize, toConnection, type Connection } from "@kava/platform/graphql/connection";
import { requireStaff } from "@kava/platform/graphql/context";
import { Money, moneyOf } from "@kava/platform/graphql/money";
import { isUuid, parsePurchaseId } from "@kava/contracts/ids";
import { GraphQLError } from "graphql";
import { Arg, Ctx, Directive, FieldResolver, Int, Resolver, Root } from "type-graphql";
import { featuresAt } from "../domain/habits.js";
import { lifetimeOf } from "../domain/lifetime.js";
import type { PurchaseKey } from "../domain/purchase.js";
import type { CustomerContext } from "./context.js";
import { Customer, Rfm } from "./customer.js";
import { LifetimeValue, lifetimeValueOf } from "./lifetimeValue.js";
import { Purchase, PurchaseConnection, purchaseOf } from "./purchase.js";
import { SegmentMembership } from "./segment.js";

/** The fields of a customer that are computed or read beside the row. */
@Resolver(() => Customer)
export class CustomerFields {
  @FieldResolver(() => SegmentMembership)
  async segment(@Root() { known }: Customer, @Ctx() context: CustomerContext): Promise<SegmentMembership> {
    const segment = await context.loaders.segment.load(known.segmentId);
    if (!segment) throw new Error(`The segment ${known.segmentId} of the customer ${known.id} is missing`);
    return {
      id: segment.id,
      name: segment.name,
      since: known.segmentSince,
      segment,
      outlier: known.outlier,
      provisional: known.provisional,
    };
  }

  @FieldResolver(() => Rfm)
  async rfm(@Root() { known }: Customer, @Ctx() context: CustomerContext): Promise<Rfm> {
    const { recencyDays, frequencyPerWeek } = featuresAt(known.habits, context.now);
    return {
      recencyDays,
      frequencyPerWeek,
      monetary: moneyOf(known.totalMinor, await context.currency()),
      purchaseCount: known.purchaseCount,
    };
  }

  @FieldResolver(() => Money, { description: "Average paid for a purchase, rounded to the minor unit; nothing when there is none." })
  async averageOrderValue(@Root() { known }: Customer, @Ctx() context: CustomerContext): Promise<Money> {
    return moneyOf(known.purchaseCount === 0 ? 0 : Math.round(known.totalMinor / known.purchaseCount), await context.currency());
  }

  @FieldResolver(() => LifetimeValue, {
    nullable: true,
    description:
      "Null before the customer's first purchase, and while the chain has fewer than ten buyers or was not fitted yet. Staff only: it tells what a purchase earns.",
  })
  @Directive('@requiresScopes(scopes: [["staff"]])')
  async lifetimeValue(@Root() { known }: Customer, @Ctx() context: CustomerContext): Promise<LifetimeValue | null> {
    requireStaff(context);
    const model = await context.lifetimeModel();
    const expected = model && lifetimeOf(model, known.habits, context.now);
    return expected && lifetimeValueOf(expected, model, await context.currency());
  }

  @FieldResolver(() => PurchaseConnection, { description: "Newest first." })
  async purchases(
    @Root() { known }: Customer,
    @Ctx() context: CustomerContext,
    @Arg("first", () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg("after", () => String, { nullable: true }) after: string | null,
  ): Promise<Connection<Purchase>> {
    const size = pageSize(first ?? 20);
    const found = await context.loaders.purchasePage.load({
      customerId: known.id,
      after: after ? purchaseKeyOf(after) : null,
      limit: size + 1,
    });
    const currency = await context.currency();
    return toConnection(
      found,
      size,
      ({ at, id }) => [at.getTime(), parsePurchaseId(id)!.uuid],
      (purchase) => purchaseOf(purchase, currency),
      known.purchaseCount,
    );
  }
}

const purchaseKeyOf = (cursor: string): PurchaseKey => {
  const [at, uuid] = decodeCursor(cursor, 2);
  if (typeof at === "number" && Math.abs(at) <= 8.64e15 && typeof uuid === "string" && isUuid(uuid)) return { at, uuid };
  throw new GraphQLError("This cursor is not one of purchases: use an endCursor of an earlier page", {
    extensions: { code: "BAD_USER_INPUT" },
  });
};
