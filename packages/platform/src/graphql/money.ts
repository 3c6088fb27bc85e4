import { toDecimal } from "@kava/contracts/money";
import { Directive, Field, ObjectType } from "type-graphql";
import { DecimalScalar } from "./scalars.js";

/** An amount of money; integer minor units inside Kava, a decimal text on the graph. */
@ObjectType("Money", { description: "An amount of money." })
@Directive("@shareable")
export class Money {
  @Field(() => DecimalScalar) amount!: string;
  @Field(() => String) currency!: string;
}

/** What is needed to show minor units as money. */
export interface Currency {
  currency: string;
  minorDigits: number;
}

export const moneyOf = (minor: number, { currency, minorDigits }: Currency): Money => ({ amount: toDecimal(minor, minorDigits), currency });
