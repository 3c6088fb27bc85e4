import { parseArgs } from "node:util";
import { isUuid } from "@kava/contracts/ids";
import { readInstance } from "@kava/platform/instance";
import { supervisorConfig } from "../config.js";
import { findCustomer } from "../findCustomer.js";
import { homeAt } from "../home.js";
import { mintToken, TOKEN_ROLES, type TokenRole } from "../token.js";

const HELP = `npm run token -- --role ${TOKEN_ROLES.join("|")} [options]

Prints a token for the graph, alone on standard output with \`npm run -s token\`.

  --customer ID   for --role customer: their identifier, or the chain's own id of them
  --tenant NAME   short name of the tenant (default: the installation's own)
  --scope SCOPE   for --role partner, any number of times: purchases:write, customers:read
  --days N        how long it is valid (default: 30)`;

const read = () =>
  parseArgs({
    options: {
      role: { type: "string" },
      customer: { type: "string" },
      tenant: { type: "string" },
      scope: { type: "string", multiple: true },
      days: { type: "string", default: "30" },
      help: { type: "boolean", short: "h", default: false },
    },
  }).values;

const roleOf = (given: string | undefined): TokenRole => {
  const role = TOKEN_ROLES.find((each) => each === given);
  if (!role)
    throw new SyntaxError(
      given ? `There is no role "${given}": it is one of ${TOKEN_ROLES.join(", ")}` : "Say whose token it is: --role staff, for example",
    );
  return role;
};

const daysOf = (given: string): number => {
  const days = Number(given);
  if (!(days > 0 && days <= 3_650)) throw new SyntaxError(`--days takes a number above 0, at most 3650, not "${given}"`);
  return days;
};

/** `npm run token`: one token on standard output, nothing else. */
const main = async (): Promise<void> => {
  const given = read();
  if (given.help) return void process.stdout.write(`${HELP}\n`);
  const role = roleOf(given.role);
  const days = daysOf(given.days);
  const home = homeAt(supervisorConfig().home);
  const instance = readInstance(home.path);
  const staff = () => mintToken(home, { role: "staff", tenant: given.tenant }, new Date(), 1 / 24);
  const mustAsk = given.customer !== undefined && !isUuid(given.customer) && instance !== null;
  const customer = mustAsk ? await findCustomer(instance, await staff(), given.customer!) : given.customer;
  process.stdout.write(`${await mintToken(home, { role, customer, tenant: given.tenant, scopes: given.scope ?? [] }, new Date(), days)}\n`);
};

try {
  await main();
} catch (error) {
  const isUsage = error instanceof SyntaxError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") === true;
  process.stderr.write(`${(error as Error).message}${isUsage ? `\n\n${HELP}` : ""}\n`);
  process.exit(isUsage ? 2 : 1);
}
