import { DateTimeScalar } from "@kava/platform/graphql/scalars";
import { Field, ObjectType } from "type-graphql";
import { Customer } from "./customer.js";

@ObjectType("Session", { description: "What a customer signs their requests with." })
export class Session {
  @Field(() => String, { description: "A JWT for the Authorization header: Bearer …" }) accessToken!: string;
  @Field(() => String, { nullable: true }) refreshToken!: string | null;
  @Field(() => DateTimeScalar) expiresAt!: Date;
  @Field(() => Customer, { nullable: true }) customer!: Customer | null;
}
