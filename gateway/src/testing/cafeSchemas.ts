import type { SubgraphSdl } from "../compose/definitions.js";

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@requires", "@external", "@requiresScopes", "@authenticated"])`;
const MONEY = `type Money @shareable { amount: String! currency: String! }`;

const customer = `${LINK} ${MONEY}
type Query { me: Customer @authenticated  customer(id: ID!): Customer  customers(first: Int = 20): CustomerConnection @requiresScopes(scopes: [["staff"]]) }
type Mutation { registerCustomer(email: String!): Customer  recordPurchase(customerId: ID!): Purchase @requiresScopes(scopes: [["purchases:write"]]) }
type CustomerConnection { edges: [CustomerEdge!]! }
type CustomerEdge { cursor: String! node: Customer! }
type Customer @key(fields: "id") { id: ID! displayName: String! segment: Segment! purchases(first: Int = 20): [Purchase!]! friends: [Customer!] broken: String promised: String! }
type Segment { name: String! }
type Purchase { id: ID! lines: [PurchaseLine!]! }
type PurchaseLine { item: MenuItem }
type MenuItem @key(fields: "id", resolvable: false) { id: ID! }`;

const menu = `${LINK} ${MONEY}
type Query { item(id: ID!): MenuItem  menu(first: Int = 50): [MenuItem!]  anything: [Thing!]  sellable: [Sellable!] }
interface Sellable { name: String! cost: Money }
union Thing = MenuItem | Voucher
type Voucher implements Sellable { name: String! cost: Money }
type MenuItem implements Sellable @key(fields: "id") { id: ID! name: String! price: Money! cost: Money @requiresScopes(scopes: [["staff"]]) supplier: Supplier }
type Supplier @requiresScopes(scopes: [["marketer"], ["admin"]]) { name: String! }`;

const analytics = `${LINK}
type Query { popular: [Recommendation!] }
type Customer @key(fields: "id") { id: ID! recommendedItems(first: Int = 5): [Recommendation!] }
type Recommendation { score: Float! because: String! item: MenuItem }
type MenuItem @key(fields: "id", resolvable: false) { id: ID! }`;

const discount = `${LINK} ${MONEY}
type Query { offer(id: ID!): Offer  offerPushes(customerId: ID!, after: String, first: Int = 50): [OfferPush!] }
type Subscription { offerPushed(customerId: ID!, after: String): OfferPush! }
type Customer @key(fields: "id") { id: ID! offer: Offer }
type MenuItem @key(fields: "id") { id: ID! price: Money! @external personalPrice(customerId: ID): PersonalPrice @requires(fields: "price { amount currency }") }
type PersonalPrice { amount: String! currency: String! depth: Float! }
type Offer { id: ID! depth: Float! item: MenuItem customer: Customer decision: String @requiresScopes(scopes: [["staff"]]) }
type OfferPush { cursor: String! customerId: ID! offer: Offer }`;

/** A small café's graph: what the visit query and the push need, and one field of each guarded kind. */
export const CAFE_SCHEMAS: readonly SubgraphSdl[] = Object.entries({ customer, menu, analytics, discount }).map(([name, sdl]) => ({
  name,
  sdl,
  url: `http://${name}.invalid/graphql`,
}));
