import { createHash } from "node:crypto";
import { isUuid, newId } from "@kava/contracts/ids";
import { scopesOf } from "@kava/contracts/identity";
import { InvalidInput, UnknownItem } from "@kava/platform/graphql/errors";
import { GraphQLError } from "graphql";
import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { promotionsInForce } from "../domain/promotions.js";
import { quoteBasket, type LineToQuote } from "../domain/quoteBasket.js";
import { knownCustomers } from "../storage/customerView.js";
import { maySee, type DiscountContext } from "./context.js";
import { Quote, QuoteInput, QuoteResult, showQuote } from "./Quote.js";
import { showLiveOffer } from "./showOffer.js";

const LIFE_MS = 15 * 60_000;
const MOST_LINES = 500;
const MOST_UNITS = 10_000;

@Resolver()
export class QuoteMutation {
  @Mutation(() => QuoteResult, {
    description:
      "Prices a basket for a customer: personal offer, promotions, and the floor of the whole. For the customer, staff and tills.",
  })
  async quote(
    @Arg("input", () => QuoteInput) input: QuoteInput,
    @Ctx() context: DiscountContext,
  ): Promise<Quote | UnknownItem | InvalidInput> {
    const refused = refusalOf(input);
    if (refused) return refused;
    if (!maySee(context, input.customerId) && !scopesOf(context.identity).has("purchases:write"))
      throw new GraphQLError("A quote is for the customer themselves, staff and tills", { extensions: { code: "FORBIDDEN" } });
    const {
      identity: { tenantId },
      stores,
    } = context;
    const bodyHash = hashOf(input);
    const earlier = await stores.quotes.byKey(tenantId, input.idempotencyKey);
    const quoted = earlier ?? (await makeQuote(input, bodyHash, context));
    if (quoted instanceof UnknownItem || quoted instanceof InvalidInput) return quoted;
    const kept = earlier ?? (await stores.quotes.keep(quoted));
    if (kept.bodyHash !== bodyHash)
      return InvalidInput.of("This idempotency key was used for another quote: give every new request a key of its own", "idempotencyKey");
    return showQuote(kept, await context.load.facts(), context.language);
  }
}

const refusalOf = ({ customerId, venueId, lines, idempotencyKey }: QuoteInput): InvalidInput | UnknownItem | null => {
  if (!isUuid(customerId)) return InvalidInput.of("There is no such customer", "customerId");
  if (venueId && !isUuid(venueId)) return InvalidInput.of("There is no such venue", "venueId");
  if (idempotencyKey.length < 1 || idempotencyKey.length > 200)
    return InvalidInput.of("An idempotency key has 1 to 200 characters", "idempotencyKey");
  if (lines.length < 1 || lines.length > MOST_LINES) return InvalidInput.of(`A quote has 1 to ${MOST_LINES} lines`, "lines");
  for (const [index, { itemId, quantity, unitPrice }] of lines.entries()) {
    if (!isUuid(itemId)) return UnknownItem.of(itemId);
    if (quantity < 1 || quantity > MOST_UNITS)
      return InvalidInput.of(`A quantity is from 1 to ${MOST_UNITS}, not ${quantity}`, `lines.${index}.quantity`);
    if (unitPrice) return InvalidInput.of("A quote makes the prices itself: leave unitPrice out", `lines.${index}.unitPrice`);
  }
  return null;
};

const makeQuote = async (input: QuoteInput, bodyHash: string, context: DiscountContext) => {
  const {
    identity: { tenantId },
    load,
    now,
    stores,
  } = context;
  if (!(await knownCustomers(stores.database.sql, tenantId, [input.customerId])).has(input.customerId.toLowerCase()))
    return InvalidInput.of("There is no such customer", "customerId");
  const [facts, promotions, offer, items] = await Promise.all([
    load.facts(),
    load.promotions(),
    showLiveOffer(input.customerId, context),
    load.item.loadMany(input.lines.map((line) => line.itemId.toLowerCase())),
  ]);
  const venueId = input.venueId?.toLowerCase() ?? null;
  const lines: LineToQuote[] = [];
  for (const [index, { itemId, quantity }] of input.lines.entries()) {
    const item = items[index];
    if (!item || item instanceof Error || item.retired) return UnknownItem.of(itemId);
    if (venueId && item.unavailableVenueIds.includes(venueId))
      return InvalidInput.of(`${item.name} is not to be had at this venue`, `lines.${index}.itemId`);
    const inForce = promotionsInForce(promotions, item, { at: now, venueId, timeZone: facts.timeZone });
    lines.push({
      itemId: item.id,
      quantity,
      item: { ...item, promotions: inForce },
      offerDepth: offer?.stored.itemId === item.id ? offer.depth : null,
    });
  }
  const basket = quoteBasket(lines, facts);
  if (!basket) return InvalidInput.of("The basket is too large to be priced exactly: split it", "lines");
  return {
    tenantId,
    id: newId(),
    customerId: input.customerId.toLowerCase(),
    venueId,
    key: input.idempotencyKey,
    bodyHash,
    lines: basket.lines,
    totalMinor: basket.totalMinor,
    discountMinor: basket.discountMinor,
    createdAt: now,
    expiresAt: new Date(now.getTime() + LIFE_MS),
  };
};

/** What was asked, apart from its key: identifiers in one case, so that a retry by another client library is the same request. */
const hashOf = ({ customerId, venueId, lines }: QuoteInput): string =>
  createHash("sha256")
    .update(
      JSON.stringify([
        customerId.toLowerCase(),
        venueId?.toLowerCase() ?? null,
        lines.map(({ itemId, quantity }) => [itemId.toLowerCase(), quantity]),
      ]),
    )
    .digest("hex");
