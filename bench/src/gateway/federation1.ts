/**
 * The nearest that Mercurius' gateway can serve: it knows Federation 1 only, so it gets the visit's part of the schemas in that version's
 * words (extend, @external keys; scalars as String). The subgraphs behind it are the same.
 */
export const FEDERATION_1: Record<string, string> = {
  customer: `
    extend type Query { customer(id: ID!): Customer }
    type Customer @key(fields: "id") { id: ID! displayName: String! segment: SegmentMembership averageOrderValue: Money }
    type SegmentMembership { id: ID! name: String! since: String! }
    type Money { amount: String! currency: String! }`,
  menu: `
    type MenuItem @key(fields: "id") { id: ID! name: String! price: Money! }
    type Money { amount: String! currency: String! }`,
  analytics: `
    extend type Customer @key(fields: "id") { id: ID! @external recommendedItems(first: Int = 5): [Recommendation!] }
    type Recommendation { itemId: ID! score: Float! because: String! item: MenuItem }
    extend type MenuItem @key(fields: "id") { id: ID! @external }`,
  discount: `
    extend type Customer @key(fields: "id") { id: ID! @external offer: Offer }
    extend type MenuItem @key(fields: "id") { id: ID! @external price: Money @external personalPrice(customerId: ID): PersonalPrice @requires(fields: "price { amount currency }") }
    type PersonalPrice { amount: String! currency: String! depth: Float! }
    type Offer { id: ID! depth: Float! expiresAt: String! because: String! item: MenuItem price: Money marginChecked: Boolean! }
    type Money { amount: String! currency: String! }`,
};
