import { itemIndex } from "./menu.js";

/**
 * What makes items alike in the eyes of a customer. Each customer leans towards or away from each of these (standard normal),
 * so that customers who share a lean share favourites: what collaborative filtering is there to find.
 */
const leaningItems = {
  plant: [
    "oat-cappuccino",
    "oat-latte",
    "matcha-latte",
    "iced-matcha",
    "banana-bread",
    "hummus-wrap",
    "avocado-toast",
    "granola",
    "kombucha",
    "carpathian-tea",
    "green-tea",
  ],
  sweet: [
    "raf",
    "mocha",
    "hot-chocolate",
    "cinnamon-bun",
    "pain-au-chocolat",
    "napoleon",
    "brownie",
    "tiramisu",
    "berry-lemonade",
    "syrnyky",
    "lviv-coffee",
    "almond-croissant",
  ],
  strong: [
    "espresso",
    "doppio",
    "cortado",
    "macchiato",
    "aeropress",
    "v60",
    "cold-brew",
    "espresso-tonic",
    "ethiopia-beans",
    "cantuccini",
    "jezva",
  ],
  light: [
    "decaf-filter",
    "decaf-beans",
    "americano",
    "batch-brew",
    "green-tea",
    "granola",
    "omelette",
    "pumpkin-soup",
    "bottled-water",
    "oat-cookie",
  ],
} as const;

/** For each leaning, the indices of the items it is about. */
export const leanings: readonly (readonly number[])[] = Object.values(leaningItems).map((keys) => keys.map(itemIndex));
