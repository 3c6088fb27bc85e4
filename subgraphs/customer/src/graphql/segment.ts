import { DateTimeScalar } from "@kava/platform/graphql/scalars";
import { Field, ID, Int, ObjectType } from "type-graphql";

@ObjectType("Segment", { description: "A group of customers who buy alike. It keeps its id and name through trainings." })
export class Segment {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => String) description!: string;
  @Field(() => Int, { description: "Members, counted at most a minute ago." }) size!: number;
}

@ObjectType("SegmentMembership", { description: "The segment that a customer is in." })
export class SegmentMembership {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => DateTimeScalar) since!: Date;
  @Field(() => Segment) segment!: Segment;
  @Field(() => Boolean, { description: "Fits no segment well: corporate orders, staff cards." }) outlier!: boolean;
  @Field(() => Boolean, { description: "A guess from what was declared: there is no purchase to go by, or no training yet." })
  provisional!: boolean;
}
