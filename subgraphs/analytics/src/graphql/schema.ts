import "reflect-metadata";
import { isUuid } from "@kava/contracts/ids";
import { federatedSchema, type FederatedSchema } from "@kava/platform/graphql/federatedSchema";
import type { AnalyticsContext } from "./context.js";
import { AssociationRuleQueries } from "./queries/associationRules.js";
import { SalesReports } from "./queries/salesReports.js";
import { Customer, CustomerFields, customerOf } from "./types/customer.js";

/** Analytics' part of the graph. */
export const buildSchema = (): Promise<FederatedSchema> =>
  federatedSchema<AnalyticsContext>({
    resolvers: [CustomerFields, AssociationRuleQueries, SalesReports],
    orphanedTypes: [Customer],
    references: { Customer: ({ id }) => (isUuid(id) ? customerOf(id) : null) },
  });
