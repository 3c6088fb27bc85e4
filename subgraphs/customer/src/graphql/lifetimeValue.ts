import { toDecimal } from "@kava/contracts/money";
import type { Currency } from "@kava/platform/graphql/money";
import { DecimalScalar } from "@kava/platform/graphql/scalars";
import { Field, Float, Int, ObjectType } from "type-graphql";
import { HORIZON_DAYS, type ExpectedLifetime, type LifetimeModel } from "../domain/lifetime.js";

@ObjectType("LifetimeValue", {
  description:
    "What a customer is expected to bring in the next 52 weeks: margin, discounted at 10 % a year. Visits by BG/NBD, values by Gamma-Gamma, fitted daily from the chain's own buyers.",
})
export class LifetimeValue {
  @Field(() => DecimalScalar, {
    description:
      "The margin of the expected purchases, without tax: what the customer's purchases are worth, times the chain's share of margin on recent purchases of items whose cost is known. Where no cost is known the share is the chain's floor, the least margin that it allows.",
  })
  amount!: string;
  @Field(() => String) currency!: string;
  @Field(() => Float) expectedPurchases!: number;
  @Field(() => Int) horizonDays!: number;
  @Field(() => Float, { description: "The probability that the customer has not left for good, 0 to 1; 1 before a second purchase." })
  probabilityAlive!: number;
  @Field(() => Int, { description: "Buyers of the chain that the parameters rest on." }) basedOnCustomers!: number;
  @Field(() => Boolean, {
    description: "The chain's data is still so small that more than half of the answer is what other chains are like.",
  })
  priorDominates!: boolean;
}

export const lifetimeValueOf = (expected: ExpectedLifetime, model: LifetimeModel, { currency, minorDigits }: Currency): LifetimeValue => ({
  amount: toDecimal(expected.amountMinor, minorDigits),
  currency,
  expectedPurchases: expected.expectedPurchases,
  horizonDays: HORIZON_DAYS,
  probabilityAlive: expected.probabilityAlive,
  basedOnCustomers: model.customers,
  priorDominates: model.priorDominates,
});
