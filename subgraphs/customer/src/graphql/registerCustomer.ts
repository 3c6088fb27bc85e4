import { InvalidInput } from "@kava/platform/graphql/errors";
import { JsonScalar } from "@kava/platform/graphql/scalars";
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver, createUnionType } from "type-graphql";
import { readRegistration } from "../domain/registration.js";
import type { CustomerContext } from "./context.js";
import { customerOf } from "./customer.js";
import { EmailTaken, orRefusal } from "./errors.js";
import { Session } from "./session.js";

@InputType("RegisterCustomerInput")
export class RegisterCustomerInput {
  @Field(() => String) email!: string;
  @Field(() => String, { description: "At least 8 characters." }) password!: string;
  @Field(() => String) displayName!: string;
  @Field(() => [String], { nullable: true, description: "What they like: menu categories or words of them." }) tastes?: string[] | null;
  @Field(() => ID, { nullable: true }) venueId?: string | null;
  @Field(() => JsonScalar, { nullable: true, description: "A JSON object of free-form facts." }) attributes?: unknown;
}

const RegisterCustomerResult = createUnionType({
  name: "RegisterCustomerResult",
  types: () => [Session, EmailTaken, InvalidInput] as const,
});

@Resolver()
export class RegisterCustomer {
  @Mutation(() => RegisterCustomerResult, { description: "Makes a customer of a guest and signs them in for an hour." })
  registerCustomer(
    @Arg("input", () => RegisterCustomerInput) input: RegisterCustomerInput,
    @Ctx() context: CustomerContext,
  ): Promise<object> {
    const { tenantId } = context.identity;
    return orRefusal(async () => {
      const customer = await context.customers.register(tenantId, readRegistration(input), context.now);
      const token = await context.issueToken(tenantId, customer.id, context.now);
      return Object.assign(new Session(), { ...token, refreshToken: null, customer: customerOf(customer) });
    });
  }
}
