/** The visit query as docs/graph.graphql's readers know it, over all four subgraphs. */
export const VISIT = `query Visit($id: ID!) {
  customer(id: $id) {
    displayName
    segment { name since }
    averageOrderValue { amount currency }
    recommendedItems(first: 5) {
      score because
      item { name price { amount currency } personalPrice(customerId: $id) { amount currency depth } }
    }
    offer { id depth expiresAt because item { name } price { amount currency } marginChecked }
  }
}`;
