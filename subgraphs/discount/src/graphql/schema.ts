import { federatedSchema, type FederatedSchema } from "@kava/platform/graphql/federatedSchema";
import { Money } from "@kava/platform/graphql/money";
import type { DiscountContext } from "./context.js";
import { CustomerFields } from "./customerFields.js";
import { OfferFields } from "./offerFields.js";
import { OfferPushes } from "./offerPushes.js";
import { OfferQuery } from "./offerQuery.js";
import { MenuItemFields } from "./personalPrice.js";
import { QuoteMutation } from "./quoteMutation.js";
import { Customer, MenuItem } from "./stubs.js";

/** Builds discount's subgraph schema; no I/O. */
export const buildSchema = (): Promise<FederatedSchema> =>
  federatedSchema<DiscountContext>({
    resolvers: [CustomerFields, MenuItemFields, OfferFields, OfferPushes, OfferQuery, QuoteMutation],
    references: {
      Customer: ({ id }) => Customer.of(id),
      MenuItem: ({ id, price }) => Object.assign(MenuItem.of(id), price ? { price: price as Money } : {}),
    },
  });
