import { InvalidInput, UnknownItem, UserError } from "@kava/platform/graphql/errors";
import { Field, ID, ObjectType } from "type-graphql";
import { Refused } from "../domain/refusal.js";

@ObjectType("UnknownCustomer", { implements: UserError, description: "A customer that the chain does not have." })
export class UnknownCustomer extends UserError {
  @Field(() => ID, { nullable: true }) customerId?: string | null;
}

@ObjectType("KeyReused", { implements: UserError, description: "The idempotency key came before with another body; nothing was changed." })
export class KeyReused extends UserError {
  @Field(() => String, { nullable: true }) idempotencyKey?: string | null;
}

@ObjectType("EmailTaken", { implements: UserError, description: "Somebody is registered with this e-mail address." })
export class EmailTaken extends UserError {
  @Field(() => String, { nullable: true }) email?: string | null;
}

/** Runs a mutation's work; what the domain refused becomes the error type of the schema. Everything else is thrown on. */
export const orRefusal = async <Result>(work: () => Promise<Result>): Promise<Result | UserError> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused) return errorOf(error);
    throw error;
  }
};

const errorOf = ({ refusal }: Refused): UserError => {
  if (refusal.reason === "invalidInput") return InvalidInput.of(refusal.message, refusal.field ?? undefined);
  if (refusal.reason === "unknownItem") return UnknownItem.of(refusal.itemId);
  if (refusal.reason === "unknownCustomer") {
    const message = `The chain has no customer ${refusal.customerId.slice(0, 80)}: find one with customers(search:), or leave it out for a guest`;
    return Object.assign(new UnknownCustomer(), { message, customerId: refusal.customerId });
  }
  if (refusal.reason === "emailTaken") {
    const message = `Somebody is registered as ${refusal.email}: sign in, or register with another address`;
    return Object.assign(new EmailTaken(), { message, email: refusal.email });
  }
  const message = `The idempotency key "${refusal.key.slice(0, 80)}" was used for another purchase: send a new key for a new purchase, and the same body for a retry`;
  return Object.assign(new KeyReused(), { message, idempotencyKey: refusal.key });
};
