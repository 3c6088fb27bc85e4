import { isUuid } from "@kava/contracts/ids";
import { mayActFor, scopesOf, type Identity } from "@kava/contracts/identity";
import { decodeCursor, pageSize, toConnection, type Connection } from "@kava/platform/graphql/connection";
import { requireStaff } from "@kava/platform/graphql/context";
import { GraphQLError } from "graphql";
import { Arg, Ctx, Directive, ID, Int, Query, Resolver } from "type-graphql";
import type { CustomerKey } from "../domain/customer.js";
import type { CustomerContext } from "./context.js";
import { Customer, CustomerConnection, customerOf } from "./customer.js";

const LONGEST_SEARCH = 200;

@Resolver()
export class CustomerQueries {
  @Query(() => Customer, { nullable: true, description: "The signed-in customer." })
  async me(@Ctx() context: CustomerContext): Promise<Customer | null> {
    const { role, customerId } = context.identity;
    return role === "customer" && customerId !== undefined ? findCustomer(customerId, context) : null;
  }

  @Query(() => Customer, { nullable: true, description: "Null when there is none, it is another tenant's, or the viewer may not see it." })
  async customer(@Arg("id", () => ID) id: string, @Ctx() context: CustomerContext): Promise<Customer | null> {
    return findCustomer(id, context);
  }

  @Query(() => CustomerConnection, {
    nullable: true,
    description: "Staff. `search` finds words of name, e-mail and external id; who has exactly this external id comes first.",
  })
  @Directive('@requiresScopes(scopes: [["staff"]])')
  async customers(
    @Ctx() context: CustomerContext,
    @Arg("first", () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg("after", () => String, { nullable: true }) after: string | null,
    @Arg("search", () => String, { nullable: true }) search: string | null,
    @Arg("segment", () => ID, { nullable: true }) segment: string | null,
  ): Promise<Connection<Customer>> {
    requireStaff(context);
    const size = pageSize(first ?? 20);
    if (search && search.length > LONGEST_SEARCH) throw badInput(`A search has at most ${LONGEST_SEARCH} characters`);
    if (segment && !isUuid(segment)) throw badInput(`"${segment.slice(0, 60)}" is no segment's id: take one from segments { id }`);
    const found = await context.customers.search(context.identity.tenantId, {
      text: search ?? null,
      segmentId: segment ?? null,
      after: after ? customerKeyOf(after) : null,
      limit: size + 1,
    });
    for (const { customer } of found) context.loaders.customer.prime(customer.id, customer);
    return toConnection(
      found,
      size,
      ({ rank, sortName, id }) => [rank, sortName, id],
      ({ customer }) => customerOf(customer),
    );
  }
}

/** The customer when the viewer may see it: staff, the customer, and partners who were granted it. */
export const findCustomer = async (id: string, context: CustomerContext): Promise<Customer | null> => {
  const wanted = id.toLowerCase();
  if (!isUuid(wanted) || !maySee(context.identity, wanted)) return null;
  const found = await context.loaders.customer.load(wanted);
  return found && customerOf(found);
};

const maySee = (identity: Identity, customerId: string): boolean =>
  mayActFor(identity, customerId) || scopesOf(identity).has("customers:read");

const customerKeyOf = (cursor: string): CustomerKey => {
  const [rank, sortName, id] = decodeCursor(cursor, 3);
  if ((rank === 0 || rank === 1) && typeof sortName === "string" && typeof id === "string" && isUuid(id)) return { rank, sortName, id };
  throw badInput("This cursor is not one of customers: use an endCursor of an earlier page");
};

const badInput = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: "BAD_USER_INPUT" } });
