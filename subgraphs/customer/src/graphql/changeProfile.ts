import { mayActFor } from "@kava/contracts/identity";
import { isUuid } from "@kava/contracts/ids";
import { InvalidInput } from "@kava/platform/graphql/errors";
import { JsonScalar } from "@kava/platform/graphql/scalars";
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver, createUnionType } from "type-graphql";
import { Refused } from "../domain/refusal.js";
import { readProfileChange } from "../domain/registration.js";
import type { CustomerContext } from "./context.js";
import { Customer, customerOf } from "./customer.js";
import { UnknownCustomer, orRefusal } from "./errors.js";

@InputType("ChangeProfileInput")
export class ChangeProfileInput {
  @Field(() => ID, { nullable: true, description: "The signed-in customer when left out; naming another is for staff." }) customerId?:
    | string
    | null;
  @Field(() => String, { nullable: true }) displayName?: string | null;
  @Field(() => [String], { nullable: true }) tastes?: string[] | null;
  @Field(() => ID, { nullable: true, description: "The home venue; null for none." }) venueId?: string | null;
  @Field(() => JsonScalar, { nullable: true, description: "Attributes to merge over those that are there; one that is null is removed." })
  attributes?: unknown;
}

const ChangeProfileResult = createUnionType({
  name: "ChangeProfileResult",
  types: () => [Customer, UnknownCustomer, InvalidInput] as const,
});

@Resolver()
export class ChangeProfile {
  @Mutation(() => ChangeProfileResult, { description: "Changes what is given of a customer's profile, and nothing else." })
  @Directive("@authenticated")
  changeProfile(@Arg("input", () => ChangeProfileInput) input: ChangeProfileInput, @Ctx() context: CustomerContext): Promise<object> {
    const { identity } = context;
    return orRefusal(async () => {
      const customerId = (input.customerId ?? identity.customerId ?? "").toLowerCase();
      if (!isUuid(customerId) || !mayActFor(identity, customerId)) throw new Refused({ reason: "unknownCustomer", customerId });
      return customerOf(await context.customers.changeProfile(identity.tenantId, customerId, readProfileChange(input), context.now));
    });
  }
}
