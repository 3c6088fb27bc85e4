import { connectionOf } from "@kava/platform/graphql/connection";
import { requireStaff } from "@kava/platform/graphql/context";
import { Ctx, Directive, Field, FieldResolver, Float, ID, Int, ObjectType, Resolver, Root } from "type-graphql";
import type { VenueRow } from "../../storage/venueReads.js";
import type { MenuContext } from "../context.js";
import { StaffOnly } from "./staffOnly.js";

@ObjectType("Venue", { description: "A place of the chain." })
@Directive('@key(fields: "id")')
export class Venue {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => Float, { nullable: true, description: "WGS 84 degrees." }) latitude!: number | null;
  @Field(() => Float, { nullable: true, description: "WGS 84 degrees." }) longitude!: number | null;
  row!: Pick<VenueRow, "version">;
}

export const VenueConnection = connectionOf("Venue", () => Venue);

@ObjectType("VenueDistance", { description: "A venue and the way to it." })
export class VenueDistance {
  @Field(() => Venue) venue!: Venue;
  @Field(() => Float, { description: "Along the surface of the earth." }) meters!: number;
}

export const venueOf = (row: { id: string; name: string; latitude?: number | null; longitude?: number | null; version: number }): Venue =>
  Object.assign(new Venue(), {
    id: row.id,
    name: row.name,
    latitude: row.latitude ?? null,
    longitude: row.longitude ?? null,
    row: { version: row.version },
  });

@Resolver(() => Venue)
export class VenueFields {
  @FieldResolver(() => Int, {
    nullable: true,
    description: "Staff only: rises with every change; give it as expectedVersion to change what you saw.",
  })
  @StaffOnly()
  version(@Root() { row }: Venue, @Ctx() context: MenuContext): number {
    requireStaff(context);
    return row.version;
  }
}
