import { connectionOf } from "@kava/platform/graphql/connection";
import { Money } from "@kava/platform/graphql/money";
import { DateTimeScalar, JsonScalar } from "@kava/platform/graphql/scalars";
import { Directive, Field, Float, ID, Int, ObjectType } from "type-graphql";
import type { Customer as KnownCustomer } from "../domain/customer.js";

@ObjectType("Rfm", { description: "Recency, frequency and monetary value of a customer's purchases." })
export class Rfm {
  @Field(() => Float, { nullable: true, description: "Days since the last purchase; null when there is none." }) recencyDays!:
    | number
    | null;
  @Field(() => Float) frequencyPerWeek!: number;
  @Field(() => Money, { description: "Everything paid so far." }) monetary!: Money;
  @Field(() => Int) purchaseCount!: number;
}

/** What a stored customer shows; fields that need more than its row are in `customerFields.ts`. */
@ObjectType("Customer", { description: "A customer of the chain." })
@Directive('@key(fields: "id")')
export class Customer {
  /** The customer behind the fields; not in the schema. */
  known!: KnownCustomer;
  @Field(() => ID) id!: string;
  @Field(() => String, { nullable: true, description: "The chain's own id, from an import." }) externalId!: string | null;
  @Field(() => String) displayName!: string;
  @Field(() => DateTimeScalar) joinedAt!: Date;
  @Field(() => JsonScalar, { description: "Free-form facts." }) attributes!: Record<string, unknown>;
}

export const CustomerConnection = connectionOf("Customer", () => Customer);

export const customerOf = (known: KnownCustomer): Customer =>
  Object.assign(new Customer(), {
    known,
    id: known.id,
    externalId: known.externalId,
    displayName: known.displayName,
    joinedAt: known.joinedAt,
    attributes: known.attributes,
  });
