import { federatedSchema, type FederatedSchema } from "@kava/platform/graphql/federatedSchema";
import { ChangeProfile } from "./changeProfile.js";
import type { CustomerContext } from "./context.js";
import { CustomerFields } from "./customerFields.js";
import { CustomerQueries, findCustomer } from "./customerQueries.js";
import { RecordPurchase } from "./recordPurchase.js";
import { RegisterCustomer } from "./registerCustomer.js";
import { SegmentQueries } from "./segmentQueries.js";

/** The customer subgraph's schema. */
export const buildSchema = (): Promise<FederatedSchema> =>
  federatedSchema<CustomerContext>({
    resolvers: [CustomerQueries, SegmentQueries, CustomerFields, RegisterCustomer, RecordPurchase, ChangeProfile],
    references: { Customer: ({ id }, context) => findCustomer(id, context) },
  });
