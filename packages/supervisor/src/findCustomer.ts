import type { Instance } from "@kava/platform/instance";
import { askGraph } from "@kava/importer/askGraph";
import { z } from "zod";

const Found = z.object({
  customers: z.object({ edges: z.array(z.object({ node: z.object({ id: z.string(), externalId: z.string().nullable() }) })) }),
});
const QUERY = "query FindCustomer($search: String!) { customers(first: 20, search: $search) { edges { node { id externalId } } } }";

/** The identifier of the customer whom the chain knows by this id. Throws when the chain knows nobody by it. */
export const findCustomer = async (instance: Pick<Instance, "urls">, token: string, externalId: string): Promise<string> => {
  const { customers } = Found.parse(await askGraph(instance.urls.gateway, token, QUERY, { search: externalId }));
  const found = customers.edges.find(({ node }) => node.externalId === externalId);
  if (!found)
    throw new Error(
      `No customer of this tenant has the id "${externalId}". Find one in the graph with customers(search: "…"), or name the tenant with --tenant`,
    );
  return found.node.id;
};
