import { InvalidInput, UnknownItem } from "@kava/platform/graphql/errors";
import { Money, moneyOf, type Currency } from "@kava/platform/graphql/money";
import { DateTimeScalar, DecimalScalar } from "@kava/platform/graphql/scalars";
import { renderBecause, type Language } from "@kava/platform/language/because";
import { createUnionType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import type { StoredQuote } from "../storage/entities.js";
import { MenuItem } from "./stubs.js";

@InputType("PurchaseLineInput")
export class PurchaseLineInput {
  @Field(() => ID) itemId!: string;
  @Field(() => Int) quantity!: number;
  @Field(() => DecimalScalar, { nullable: true }) unitPrice?: string | null;
}

@InputType("QuoteInput")
export class QuoteInput {
  @Field(() => ID) customerId!: string;
  @Field(() => ID, { nullable: true }) venueId?: string | null;
  @Field(() => [PurchaseLineInput]) lines!: PurchaseLineInput[];
  @Field(() => String, { description: "The same key with the same input answers the same quote; with another input it is refused." })
  idempotencyKey!: string;
}

@ObjectType("QuoteLine")
export class QuoteLine {
  @Field(() => ID) itemId!: string;
  @Field(() => MenuItem, { nullable: true }) item!: MenuItem;
  @Field(() => Int) quantity!: number;
  @Field(() => Money, { description: "Of one unit." }) listPrice!: Money;
  @Field(() => Money, { description: "Of one unit, to pay." }) price!: Money;
  @Field(() => String) because!: string;
}

@ObjectType("Quote", { description: "What a basket costs one customer, for fifteen minutes." })
export class Quote {
  @Field(() => ID) id!: string;
  @Field(() => DateTimeScalar) expiresAt!: Date;
  @Field(() => [QuoteLine]) lines!: QuoteLine[];
  @Field(() => Money) total!: Money;
  @Field(() => Money, { description: "How much less than at list prices." }) discount!: Money;
  @Field(() => Boolean) marginChecked!: boolean;
}

export const QuoteResult = createUnionType({
  name: "QuoteResult",
  types: () => [Quote, UnknownItem, InvalidInput] as const, // resolved by class; a resolveType of our own would be asynchronous, which compiled queries do not await
});

export const showQuote = (stored: StoredQuote, currency: Currency, language: Language): Quote =>
  Object.assign(new Quote(), {
    id: stored.id,
    expiresAt: stored.expiresAt,
    total: moneyOf(stored.totalMinor, currency),
    discount: moneyOf(stored.discountMinor, currency),
    marginChecked: true,
    lines: stored.lines.map((line) =>
      Object.assign(new QuoteLine(), {
        itemId: line.itemId,
        item: MenuItem.of(line.itemId),
        quantity: line.quantity,
        listPrice: moneyOf(line.listMinor, currency),
        price: moneyOf(line.priceMinor, currency),
        because: renderBecause(line.because, language),
      }),
    ),
  });
