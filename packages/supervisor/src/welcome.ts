import type { Instance } from "@kava/platform/instance";
import { derivedId, isUuid, tenantIdOf } from "@kava/contracts/ids";
import type { Voice } from "./console/voice.js";
import { homeAt } from "./home.js";
import { mintToken, TOKEN_ROLES } from "./token.js";

const VISIT =
  "query Visit($id: ID!) { customer(id: $id) { displayName segment { name } recommendedItems(first: 3) { because item { name } } offer { depth item { name } price { amount currency } marginChecked } } }";
const TOKEN_DAYS = 30;

/** The addresses, a token for each role, and a query to paste. `customer`: whom the customer's token is for; without one there is none. */
export const welcome = async (instance: Instance, homePath: string, customer: string | null, voice: Voice): Promise<void> => {
  const home = homeAt(homePath);
  const roles = TOKEN_ROLES.filter((role) => role !== "customer" || customer !== null);
  const tokens = await Promise.all(
    roles.map(async (role) => [role, await mintToken(home, bearerOf(role, customer), new Date(), TOKEN_DAYS)] as const),
  );
  const { url } = instance;
  voice.plain(
    [
      "",
      `  front page  ${url}/`,
      `  graph       ${url}/graphql  (HTTP and WebSocket)`,
      `  health      ${url}/health/ready   metrics ${url}/metrics`,
      `  state       ${home.path}`,
      "",
      `  Tokens of the tenant ${instance.tenant}, valid for ${TOKEN_DAYS} days; more with \`npm run -s token -- --role staff\``,
      ...tokens.map(([role, token]) => `  ${role.padEnd(9)} ${token}`),
      "",
      ...(customer === null ? EMPTY : ["  One query says everything about a visit:", "", visitCommand(url, instance.tenant, customer)]),
      "",
    ].join("\n"),
  );
};

const bearerOf = (role: (typeof TOKEN_ROLES)[number], customer: string | null) => ({
  role,
  ...(role === "customer" && customer !== null ? { customer } : {}),
  ...(role === "partner" ? { scopes: ["customers:read", "purchases:write"] } : {}),
});

const EMPTY = ["  Nobody is here yet. Load your records: npm run import -- --help"];

/** A line for the shell that asks the visit query as staff; only single quotes, so that it can be pasted as it is. */
const visitCommand = (url: string, tenant: string, customer: string): string => {
  const body = JSON.stringify({ query: VISIT, variables: { id: idOfCustomer(tenant, customer) } });
  return `curl -s ${url}/graphql -H 'content-type: application/json' -H "authorization: Bearer $(npm run -s token -- --role staff)" -d '${body}'`;
};

/** The graph's id of a customer who is named by it, or by the chain's own. */
export const idOfCustomer = (tenant: string, customer: string): string =>
  isUuid(customer) ? customer : derivedId(tenantIdOf(tenant), "customer", customer);
