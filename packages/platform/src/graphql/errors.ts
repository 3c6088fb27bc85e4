import { Directive, Field, InterfaceType, ObjectType } from "type-graphql";

/** What a caller can expect to go wrong is data in the schema. */
@InterfaceType("UserError", {
  description: "What a caller can expect to go wrong.",
  resolveType: (value: object) => value.constructor.name,
})
export abstract class UserError {
  @Field(() => String) message!: string;
}

@ObjectType("InvalidInput", {
  implements: UserError,
  description: "The input cannot be used; the message names what is wrong and how to mend it.",
})
@Directive("@shareable")
export class InvalidInput extends UserError {
  /** Where in the input, e.g. `lines.0.quantity`. */
  @Field(() => String, { nullable: true }) field?: string | null;
  static of = (message: string, field?: string): InvalidInput => Object.assign(new InvalidInput(), { message, field: field ?? null });
}

@ObjectType("UnknownItem", { implements: UserError, description: "An item that the menu does not have." })
@Directive("@shareable")
export class UnknownItem extends UserError {
  @Field(() => String, { nullable: true }) itemId?: string | null;
  static of = (itemId: string): UnknownItem =>
    Object.assign(new UnknownItem(), {
      message: `The menu has no item ${itemId.slice(0, 80)}: take an id from menu { edges { node { id } } }`,
      itemId,
    });
}
