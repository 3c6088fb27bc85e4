import { UserError } from "@kava/platform/graphql/errors";
import { Field, ID, Int, ObjectType } from "type-graphql";

@ObjectType("Changed", { implements: UserError, description: "Somebody else changed it since you saw it: read it again and decide anew." })
export class Changed extends UserError {
  @Field(() => Int) currentVersion!: number;
  static of = (currentVersion: number): Changed =>
    Object.assign(new Changed(), {
      message: `It was changed since you saw it; it is at version ${currentVersion} now: read it again and decide anew`,
      currentVersion,
    });
}

@ObjectType("SkuTaken", { implements: UserError, description: "Another item has this sku, perhaps a retired one." })
export class SkuTaken extends UserError {
  static of = (sku: string): SkuTaken =>
    Object.assign(new SkuTaken(), {
      message: `There is an item with the sku ${sku} already: change or restore that one, or choose another sku`,
    });
}

@ObjectType("UnknownVenue", { implements: UserError, description: "A venue that the chain does not have." })
export class UnknownVenue extends UserError {
  @Field(() => ID) venueId!: string;
  static of = (venueId: string): UnknownVenue =>
    Object.assign(new UnknownVenue(), {
      message: `The chain has no venue ${venueId.slice(0, 80)}: take an id from venues { edges { node { id } } }`,
      venueId,
    });
}

@ObjectType("UnknownPromotion", { implements: UserError, description: "A promotion that the chain does not have." })
export class UnknownPromotion extends UserError {
  @Field(() => ID) promotionId!: string;
  static of = (promotionId: string): UnknownPromotion =>
    Object.assign(new UnknownPromotion(), {
      message: `The chain has no promotion ${promotionId.slice(0, 80)}: take an id from promotions { edges { node { id } } }`,
      promotionId,
    });
}
