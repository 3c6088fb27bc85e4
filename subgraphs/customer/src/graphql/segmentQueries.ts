import { requireStaff } from "@kava/platform/graphql/context";
import { Ctx, Directive, Query, Resolver } from "type-graphql";
import type { CustomerContext } from "./context.js";
import { Segment } from "./segment.js";

@Resolver()
export class SegmentQueries {
  @Query(() => [Segment], { nullable: true, description: "Staff. The segments that stand, the largest first." })
  @Directive('@requiresScopes(scopes: [["staff"]])')
  async segments(@Ctx() context: CustomerContext): Promise<Segment[]> {
    requireStaff(context);
    return context.segments.standing(context.identity.tenantId);
  }
}
