import { isUuid } from "@kava/contracts/ids";
import { pageSize, toConnection, type Connection } from "@kava/platform/graphql/connection";
import { GraphQLError } from "graphql";
import { Arg, Ctx, Float, ID, Int, Query, Resolver } from "type-graphql";
import { placeProblem } from "../../domain/nearest.js";
import type { MenuContext } from "../context.js";
import { readCursor } from "../cursor.js";
import { Venue, VenueConnection, VenueDistance, venueOf } from "../types/venue.js";

const FIRST = 50;
const NEAREST = 5;

@Resolver()
export class VenueQueries {
  @Query(() => [VenueDistance], { nullable: true, description: "The venues nearest to a place, nearest first, with the way in metres." })
  async nearestVenues(
    @Ctx() { menu, identity }: MenuContext,
    @Arg("latitude", () => Float) latitude: number,
    @Arg("longitude", () => Float) longitude: number,
    @Arg("first", () => Int, { defaultValue: NEAREST, nullable: true }) first: number | null,
  ): Promise<VenueDistance[]> {
    const problem = placeProblem({ latitude, longitude });
    if (problem) throw new GraphQLError(problem, { extensions: { code: "BAD_USER_INPUT" } });
    const found = await menu.reader.nearest(identity.tenantId, { latitude, longitude }, pageSize(first ?? NEAREST));
    return found.map(({ venue, meters }) => Object.assign(new VenueDistance(), { venue: venueOf(venue), meters }));
  }

  @Query(() => VenueConnection, { nullable: true, description: "The venues of the chain, by name." })
  async venues(
    @Ctx() { menu, identity }: MenuContext,
    @Arg("first", () => Int, { defaultValue: FIRST, nullable: true }) first: number | null,
    @Arg("after", () => String, { nullable: true }) after: string | null,
  ): Promise<Connection<Venue>> {
    const size = pageSize(first ?? FIRST);
    const seen = readCursor("venues", after);
    const rows = await menu.reader.venuePage(identity.tenantId, seen, size + 1);
    return toConnection(rows, size, (row) => [row.name, row.id], venueOf);
  }

  @Query(() => Venue, { nullable: true, description: "One venue; null when there is none or it is another tenant's." })
  async venue(@Arg("id", () => ID) id: string, @Ctx() { venues }: MenuContext): Promise<Venue | null> {
    const row = isUuid(id) ? await venues.load(id.toLowerCase()) : null;
    return row && venueOf(row);
  }
}
