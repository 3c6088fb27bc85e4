import { requireScope } from "@kava/platform/graphql/context";
import { InvalidInput, UnknownItem } from "@kava/platform/graphql/errors";
import { DateTimeScalar, DecimalScalar } from "@kava/platform/graphql/scalars";
import { Arg, Ctx, Directive, Field, ID, InputType, Int, Mutation, Resolver, createUnionType } from "type-graphql";
import { readPurchase } from "../domain/purchase.js";
import type { CustomerContext } from "./context.js";
import { KeyReused, UnknownCustomer, orRefusal } from "./errors.js";
import { Purchase, purchaseOf } from "./purchase.js";

@InputType("PurchaseLineInput")
export class PurchaseLineInput {
  @Field(() => ID) itemId!: string;
  @Field(() => Int) quantity!: number;
  @Field(() => DecimalScalar, { nullable: true, description: "What the till charged for one; the list price when left out." }) unitPrice?:
    | string
    | null;
}

@InputType("RecordPurchaseInput")
export class RecordPurchaseInput {
  @Field(() => ID, { nullable: true, description: "Left out for a guest." }) customerId?: string | null;
  @Field(() => ID, { nullable: true }) venueId?: string | null;
  @Field(() => DateTimeScalar, { nullable: true, description: "Now when left out; at most five minutes ahead and ten years old." }) at?:
    | string
    | null;
  @Field(() => [PurchaseLineInput]) lines!: PurchaseLineInput[];
  @Field(() => String, { nullable: true, description: "Not open yet." }) reservationToken?: string | null;
  @Field(() => String, { description: "The till's own key of this purchase, the same at each retry: it is recorded once." })
  idempotencyKey!: string;
}

const RecordPurchaseResult = createUnionType({
  name: "RecordPurchaseResult",
  types: () => [Purchase, UnknownItem, UnknownCustomer, InvalidInput, KeyReused] as const,
});

@Resolver()
export class RecordPurchase {
  @Mutation(() => RecordPurchaseResult, {
    description: "Staff, tills, and partners with the scope purchases:write. A retry with the same key and body answers the same purchase.",
  })
  @Directive('@requiresScopes(scopes: [["purchases:write"]])')
  recordPurchase(@Arg("input", () => RecordPurchaseInput) input: RecordPurchaseInput, @Ctx() context: CustomerContext): Promise<object> {
    requireScope(context, "purchases:write");
    return orRefusal(async () => {
      const currency = await context.currency();
      const order = readPurchase(input, context.now, currency.minorDigits);
      const purchase = await context.purchases.record(context.identity.tenantId, order, context.requestId, context.now);
      return purchaseOf(purchase, currency);
    });
  }
}
