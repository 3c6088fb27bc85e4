import { connectionOf } from "@kava/platform/graphql/connection";
import { Money, moneyOf, type Currency } from "@kava/platform/graphql/money";
import { DateTimeScalar } from "@kava/platform/graphql/scalars";
import { Field, ObjectType } from "type-graphql";
import type { PriceRow } from "../../storage/itemReads.js";

@ObjectType("PriceChange", { description: "What an item cost from a moment on." })
export class PriceChange {
  @Field(() => DateTimeScalar) validFrom!: string;
  @Field(() => Money) price!: Money;
  @Field(() => Money, { nullable: true }) cost!: Money | null;
  @Field(() => String, { description: "Who changed it: a role, or an import." }) changedBy!: string;
}

export const PriceChangeConnection = connectionOf("PriceChange", () => PriceChange);

export const priceChangeOf = ({ validFrom, priceMinor, costMinor, changedBy }: PriceRow, currency: Currency): PriceChange =>
  Object.assign(new PriceChange(), {
    validFrom: validFrom.toISOString(),
    price: moneyOf(priceMinor, currency),
    cost: costMinor === null ? null : moneyOf(costMinor, currency),
    changedBy,
  });
