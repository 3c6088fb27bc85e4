/** Operations as a client of the graph would write them, with what they answer. */

export interface Amount {
  amount: string;
  currency: string;
}

/** Everything about a visit, in one query. */
export const VISIT_QUERY = `query Visit($id: ID!) {
  customer(id: $id) {
    displayName
    segment { name since }
    averageOrderValue { amount currency }
    recommendedItems(first: 5) {
      score because
      item { id name price { amount currency } personalPrice(customerId: $id) { amount currency depth } }
    }
    offer { id depth expiresAt because item { id name } price { amount currency } marginChecked }
  }
}`;
export interface Visit {
  customer: {
    displayName: string;
    segment: { name: string; since: string };
    averageOrderValue: Amount;
    recommendedItems: VisitRecommendation[] | null;
    offer: VisitOffer | null;
  } | null;
}
export interface VisitRecommendation {
  score: number;
  because: string;
  item: { id: string; name: string; price: Amount; personalPrice: (Amount & { depth: number }) | null } | null;
}
export interface VisitOffer {
  id: string;
  depth: number;
  expiresAt: string;
  because: string;
  item: { id: string; name: string } | null;
  price: Amount | null;
  marginChecked: boolean;
}

export const RECORD_PURCHASE = `mutation RecordPurchase($input: RecordPurchaseInput!) {
  recordPurchase(input: $input) {
    __typename
    ... on Purchase { id at total { amount currency } lines { itemId quantity } }
    ... on UserError { message }
  }
}`;
export interface PurchaseInput {
  customerId?: string;
  venueId?: string;
  at?: string;
  lines: { itemId: string; quantity: number; unitPrice?: string }[];
  idempotencyKey: string;
}
export type RecordedPurchase = {
  __typename: "Purchase";
  id: string;
  at: string;
  total: Amount;
  lines: { itemId: string; quantity: number }[];
};
export type PurchaseRefusal = { __typename: "UnknownItem" | "UnknownCustomer" | "InvalidInput" | "KeyReused"; message: string };
export interface PurchaseAnswer {
  recordPurchase: RecordedPurchase | PurchaseRefusal;
}

/** What the subscription replays: the pushes after a cursor, oldest first; without one the latest alone. */
export const OFFER_PUSHES = `query Pushes($id: ID!, $after: String, $first: Int) {
  offerPushes(customerId: $id, after: $after, first: $first) { cursor customerId offer { id } }
}`;
export interface PushesAnswer {
  offerPushes: { cursor: string; customerId: string; offer: { id: string } | null }[] | null;
}

export const CUSTOMERS = `query Customers($first: Int, $after: String, $search: String) {
  customers(first: $first, after: $after, search: $search) { edges { node { id externalId displayName } } pageInfo { hasNextPage endCursor } }
}`;
export interface CustomersAnswer {
  customers: {
    edges: { node: { id: string; externalId: string | null; displayName: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  } | null;
}

export const MENU = `query Menu($after: String) {
  menu(first: 100, after: $after) { edges { node { id sku name category price { amount currency } cost { amount currency } } } pageInfo { hasNextPage endCursor } }
}`;
export interface MenuAnswer {
  menu: {
    edges: { node: { id: string; sku: string; name: string; category: string; price: Amount; cost: Amount | null } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  } | null;
}

export const SALES_BY_DAY = `query Sales($from: Date!, $to: Date!) {
  salesByDay(from: $from, to: $to) { day purchases revenue { amount } discount { amount } margin { amount } }
}`;
export interface SalesAnswer {
  salesByDay:
    | { day: string; purchases: number; revenue: { amount: string }; discount: { amount: string }; margin: { amount: string } | null }[]
    | null;
}
