import { Directive, Field, ID, ObjectType } from "type-graphql";

/** Named here, known in the menu subgraph. */
@ObjectType("MenuItem")
@Directive('@key(fields: "id", resolvable: false)')
export class MenuItem {
  @Field(() => ID) id!: string;
}

export const itemOf = (id: string): MenuItem => Object.assign(new MenuItem(), { id });
