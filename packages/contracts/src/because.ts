import { z } from "zod";

/** Why something is shown to a customer, kept as a code with parameters and rendered in the language asked for. */
export const Because = z.object({
  code: z.enum([
    "oftenBoughtWith",
    "customersLikeYou",
    "likedAlongside",
    "yourFavourite",
    "popular",
    "matchesTaste",
    "goesWith",
    "personalOffer",
    "publicPromotion",
    "listPrice",
    "welcomeBack",
    "tryNew",
  ]),
  params: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});
export type Because = z.infer<typeof Because>;
