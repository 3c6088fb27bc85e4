// Prints the schema of the subgraph that is named: `node emit.js menu`.
import type { FederatedSchema } from "@kava/platform/graphql/federatedSchema";

const [name = ""] = process.argv.slice(2);
const { buildSchema } = (await import(`@kava/${name}/graphql/schema`)) as { buildSchema: () => Promise<FederatedSchema> };
process.stdout.write((await buildSchema()).sdl);
