import { Money } from "@kava/platform/graphql/money";
import { Directive, Field, ID, ObjectType } from "type-graphql";

/** The customer, whom the customer subgraph owns; discount adds what is offered. */
@ObjectType("Customer")
@Directive('@key(fields: "id")')
export class Customer {
  @Field(() => ID) id!: string;
  static of = (id: string): Customer => Object.assign(new Customer(), { id });
}

/** The item, which menu owns. `price` comes with the representation, so that both prices of one answer agree. */
@ObjectType("MenuItem")
@Directive('@key(fields: "id")')
export class MenuItem {
  @Field(() => ID) id!: string;
  @Field(() => Money) @Directive("@external") price!: Money;
  static of = (id: string): MenuItem => Object.assign(new MenuItem(), { id });
}
