import { isUuid } from "@kava/contracts/ids";
import { requireStaff } from "@kava/platform/graphql/context";
import { InvalidInput } from "@kava/platform/graphql/errors";
import { Arg, Ctx, Field, Float, ID, InputType, Int, Mutation, Resolver, createUnionType } from "type-graphql";
import { actorOf, type MenuContext } from "../context.js";
import { Changed, UnknownVenue } from "../types/errors.js";
import { StaffOnly } from "../types/staffOnly.js";
import { Venue, venueOf } from "../types/venue.js";
import { readPlace, readText } from "../values.js";

@InputType("ChangeVenueInput", { description: "What is absent or null stays as it is." })
class ChangeVenueInput {
  @Field(() => ID) id!: string;
  @Field(() => Int, { nullable: true, description: "The version that was seen: the change is not made when there is a newer one." })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true }) name?: string | null;
  @Field(() => Float, { nullable: true }) latitude?: number | null;
  @Field(() => Float, { nullable: true }) longitude?: number | null;
}

const ChangeVenueResult = createUnionType({
  name: "ChangeVenueResult",
  types: () => [Venue, UnknownVenue, Changed, InvalidInput] as const,
});

@Resolver()
export class ChangeVenue {
  @Mutation(() => ChangeVenueResult, { description: "Staff: renames or moves a venue." })
  @StaffOnly()
  async changeVenue(
    @Arg("input", () => ChangeVenueInput) input: ChangeVenueInput,
    @Ctx() context: MenuContext,
  ): Promise<Venue | UnknownVenue | Changed | InvalidInput> {
    requireStaff(context);
    const name = typeof input.name === "string" ? readText(input.name, "name") : undefined;
    if (name instanceof InvalidInput) return name;
    const place = readPlace(input.latitude, input.longitude);
    if (place instanceof InvalidInput) return place;
    if (!isUuid(input.id)) return UnknownVenue.of(input.id);
    const wanted = { ...(name === undefined ? {} : { name }), ...(place === null ? {} : { place }) };
    const outcome = await context.menu.venues.change(actorOf(context), input.id.toLowerCase(), input.expectedVersion ?? null, wanted);
    if (outcome.kind === "unknown") return UnknownVenue.of(input.id);
    return outcome.kind === "stale" ? Changed.of(outcome.currentVersion) : venueOf(outcome.venue);
  }
}
