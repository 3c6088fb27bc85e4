import "reflect-metadata";
import { isUuid } from "@kava/contracts/ids";
import { federatedSchema, type FederatedSchema } from "@kava/platform/graphql/federatedSchema";
import type { MenuContext } from "./context.js";
import { ChangeItem } from "./mutations/changeItem.js";
import { ChangeVenue } from "./mutations/changeVenue.js";
import { CreateItem } from "./mutations/createItem.js";
import { CreatePromotion } from "./mutations/createPromotion.js";
import { CreateVenue } from "./mutations/createVenue.js";
import { EndPromotion } from "./mutations/endPromotion.js";
import { RestoreItem } from "./mutations/restoreItem.js";
import { RetireItem } from "./mutations/retireItem.js";
import { SetAvailability } from "./mutations/setAvailability.js";
import { MenuQueries } from "./queries/menu.js";
import { PromotionQueries, promotionView } from "./queries/promotions.js";
import { VenueQueries } from "./queries/venues.js";
import { MenuItemFields, menuItemOf } from "./types/menuItem.js";
import { PromotionFields, promotionOf } from "./types/promotion.js";
import { VenueFields, venueOf } from "./types/venue.js";

/** The menu's part of the graph. */
export const buildSchema = (): Promise<FederatedSchema> =>
  federatedSchema<MenuContext>({
    resolvers: [
      MenuQueries,
      VenueQueries,
      PromotionQueries,
      MenuItemFields,
      VenueFields,
      PromotionFields,
      CreateItem,
      ChangeItem,
      RetireItem,
      RestoreItem,
      SetAvailability,
      CreateVenue,
      ChangeVenue,
      CreatePromotion,
      EndPromotion,
    ],
    references: {
      MenuItem: async ({ id }, { items }) => {
        const row = isUuid(id) ? await items.load(id) : null;
        return row && menuItemOf(row);
      },
      Venue: async ({ id }, { venues }) => {
        const row = isUuid(id) ? await venues.load(id) : null;
        return row && venueOf(row);
      },
      Promotion: async ({ id }, context) => {
        const row = isUuid(id) ? await context.menu.promotionReader.one(promotionView(context), id) : null;
        return row && promotionOf(row);
      },
    },
  });
