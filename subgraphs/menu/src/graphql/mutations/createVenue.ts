import { requireStaff } from "@kava/platform/graphql/context";
import { InvalidInput } from "@kava/platform/graphql/errors";
import { Arg, Ctx, Field, Float, InputType, Mutation, Resolver, createUnionType } from "type-graphql";
import { actorOf, type MenuContext } from "../context.js";
import { StaffOnly } from "../types/staffOnly.js";
import { Venue, venueOf } from "../types/venue.js";
import { readPlace, readText } from "../values.js";

@InputType("CreateVenueInput")
class CreateVenueInput {
  @Field(() => String) name!: string;
  @Field(() => String, { nullable: true, description: "The chain's own key of the venue, as in its imports." }) key?: string | null;
  @Field(() => Float, { nullable: true, description: "WGS 84 degrees; without a place the venue is never among the nearest." }) latitude?:
    | number
    | null;
  @Field(() => Float, { nullable: true }) longitude?: number | null;
}

const CreateVenueResult = createUnionType({ name: "CreateVenueResult", types: () => [Venue, InvalidInput] as const });

@Resolver()
export class CreateVenue {
  @Mutation(() => CreateVenueResult, { description: "Staff: adds a venue." })
  @StaffOnly()
  async createVenue(
    @Arg("input", () => CreateVenueInput) input: CreateVenueInput,
    @Ctx() context: MenuContext,
  ): Promise<Venue | InvalidInput> {
    requireStaff(context);
    const name = readText(input.name, "name");
    if (name instanceof InvalidInput) return name;
    const key = typeof input.key === "string" ? readText(input.key, "key") : null;
    if (key instanceof InvalidInput) return key;
    const place = readPlace(input.latitude, input.longitude);
    if (place instanceof InvalidInput) return place;
    const outcome = await context.menu.venues.create(actorOf(context), key, { name, place });
    return outcome.kind === "keyTaken"
      ? InvalidInput.of(`There is a venue with the key ${key} already: change that one, or choose another key`, "key")
      : venueOf(outcome.venue);
  }
}
