import { DateTimeScalar } from "@kava/platform/graphql/scalars";
import { connectionOf } from "@kava/platform/graphql/connection";
import { Field, Float, ID, ObjectType, registerEnumType } from "type-graphql";
import type { StoredOffer } from "../storage/entities.js";
import type { CheckedPrice } from "../domain/priceItem.js";

export enum OfferState {
  LIVE = "LIVE",
  RESERVED = "RESERVED",
  REDEEMED = "REDEEMED",
  EXPIRED = "EXPIRED",
  WITHDRAWN = "WITHDRAWN",
}
registerEnumType(OfferState, { name: "OfferState", description: "What has become of an offer." });

@ObjectType("Offer", { description: "A personal price for one item. Every price in it passed the margin check." })
export class Offer {
  @Field(() => ID) id!: string;
  @Field(() => OfferState) state!: OfferState;
  @Field(() => Float, { description: "Percent off, above 0 and at most the chain's ceiling." }) depth!: number;
  @Field(() => Boolean) marginChecked!: boolean;
  @Field(() => DateTimeScalar) createdAt!: Date;
  @Field(() => DateTimeScalar) expiresAt!: Date;

  /** As it is stored, and its price as the check sees it now (null: none any more). Not fields of the graph. */
  stored!: StoredOffer;
  checked!: CheckedPrice | null;
}
export const OfferConnection = connectionOf("Offer", () => Offer);

@ObjectType("OfferReceipt", { description: "What the customer may know of how an offer came about." })
export class OfferReceipt {
  @Field(() => [String]) because!: string[];
  @Field(() => Boolean) personalised!: boolean;
  @Field(() => DateTimeScalar) decidedAt!: Date;
  @Field(() => [String], { description: "The facts about the customer that were used, in words." }) usedFacts!: string[];
}

@ObjectType("OfferPush", { description: "The customer's offer after a decision." })
export class OfferPush {
  @Field(() => String, { description: "Give it as `after` to go on from here." }) cursor!: string;
  @Field(() => ID) customerId!: string;
  @Field(() => Offer, { nullable: true, description: "Null when nothing is offered." }) offer!: Offer | null;
}
