import { decodeCursor, encodeCursor, pageSize } from "@kava/platform/graphql/connection";
import { GraphQLError } from "graphql";
import { Arg, Ctx, ID, Int, Query, Resolver, Subscription } from "type-graphql";
import { latestPush, pushesAfter, type Push } from "../storage/pushes.js";
import { maySee, type DiscountContext } from "./context.js";
import { OfferPush } from "./Offer.js";
import { showOffer } from "./showOffer.js";

/** `after` before any push: what follows is all there is. */
const START = "start";

@Resolver()
export class OfferPushes {
  @Query(() => [OfferPush], {
    nullable: true,
    description:
      "What the subscription replays, for the customer and staff. Without `after`: the most recent push alone (none or one), " +
      'whose cursor tells where the list stands. With a cursor as `after`: the pushes since, oldest first. With "start" as `after`: ' +
      "from the very first one, which is how to go on when there was no push yet.",
  })
  async offerPushes(
    @Arg("customerId", () => ID) customerId: string,
    @Arg("after", () => String, { nullable: true }) after: string | null,
    @Arg("first", () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
    @Ctx() context: DiscountContext,
  ): Promise<OfferPush[] | null> {
    const limit = pageSize(first ?? 50);
    if (!maySee(context, customerId))
      throw new GraphQLError("Pushed offers are for the customer and staff", { extensions: { code: "FORBIDDEN" } });
    const {
      identity: { tenantId },
      stores: { database },
    } = context;
    const pushes = after
      ? await pushesAfter(database.sql, tenantId, customerId, seqOf(after, customerId), limit)
      : await latestPush(database.sql, tenantId, customerId);
    return Promise.all(pushes.map((push) => showPush(push, customerId, context)));
  }

  @Subscription(() => OfferPush, {
    subscribe: () => {
      throw new GraphQLError("Subscriptions are served by the gateway, which replays offerPushes: connect to it by graphql-ws", {
        extensions: { code: "BAD_REQUEST" },
      });
    },
    description:
      "Every purchase outside the holdout pushes the live offer that was decided again, also when it is unchanged or none (offer: null). " +
      "`after`: the cursor of the last push seen; those since are replayed first. Without it: pushes after acceptance only.",
  })
  offerPushed(
    @Arg("customerId", () => ID) _customerId: string,
    @Arg("after", () => String, { nullable: true }) _after: string | null,
  ): OfferPush {
    throw new GraphQLError("Subscriptions are served by the gateway: connect to it by graphql-ws", { extensions: { code: "BAD_REQUEST" } });
  }
}

const showPush = async ({ seq, offerId }: Push, customerId: string, context: DiscountContext): Promise<OfferPush> => {
  const stored = offerId ? await context.load.offer.load(offerId) : null;
  return Object.assign(new OfferPush(), {
    cursor: encodeCursor([customerId, seq]),
    customerId,
    offer: stored ? await showOffer(stored, context) : null,
  });
};

/** A cursor belongs to one customer: another's is refused, not misread. */
const seqOf = (after: string, customerId: string): number => {
  if (after === START) return 0;
  const [owner, seq] = decodeCursor(after, 2);
  if (owner === customerId && Number.isSafeInteger(seq)) return Number(seq);
  throw new GraphQLError("This cursor is of another customer's pushes: use one that came with this customer's", {
    extensions: { code: "BAD_USER_INPUT" },
  });
};
