/** An item of the demo chain's menu. */
export interface SimItem {
  /** Stable, e.g. "flat-white". */
  readonly key: string;
  readonly sku: string;
  readonly name: string;
  readonly category: Category;
  /** List price, kopiykas. */
  readonly priceMinor: number;
  /** Cost of goods, kopiykas. */
  readonly costMinor: number;
}

export const categories = ["Espresso", "Filter", "Tea & cocoa", "Cold drinks", "Pastries", "Desserts", "Food", "Beans", "Merch"] as const;
export type Category = (typeof categories)[number];

/** How an item behaves in the world; not known to a shop. */
export interface ItemNature {
  /** How much it is liked on average, in deviations of the choice error. */
  readonly appeal: number;
  /** How much warm weather adds to (or takes from) its appeal at midsummer. */
  readonly warmth: number;
}

type Row = readonly [key: string, name: string, price: number, cost: number, appeal: number, warmth?: number];

// Prices and costs in hryvnias. Drinks earn 68 to 80 %, kitchen 55 to 65 %; beans, merch and bottles little: floors bind there.
const rows: Record<Category, readonly Row[]> = {
  Espresso: [
    ["espresso", "Espresso", 50, 12, 0.5],
    ["doppio", "Doppio", 65, 17, -0.2],
    ["americano", "Americano", 58, 13, 0.8],
    ["macchiato", "Espresso macchiato", 60, 15, -0.5],
    ["cortado", "Cortado", 68, 18, -0.4],
    ["cappuccino", "Cappuccino", 78, 20, 1.4],
    ["flat-white", "Flat white", 88, 24, 0.9],
    ["latte", "Caffè latte", 85, 23, 1.1],
    ["oat-cappuccino", "Oat cappuccino", 99, 32, 0.4],
    ["oat-latte", "Oat latte", 105, 34, 0.2],
    ["raf", "Vanilla raf", 105, 33, 0.1],
    ["mocha", "Mocha", 102, 31, -0.1],
    ["lviv-coffee", "Lviv coffee with caramel flame", 118, 34, -0.3],
  ],
  Filter: [
    ["batch-brew", "Batch brew", 62, 13, 1.0],
    ["v60", "V60 pour-over", 95, 24, 0.4],
    ["aeropress", "AeroPress", 92, 24, 0],
    ["jezva", "Coffee from the jezva", 72, 17, 0.3],
    ["decaf-filter", "Decaf filter", 72, 20, -0.6],
  ],
  "Tea & cocoa": [
    ["black-tea", "Black tea", 60, 9, 0.5],
    ["green-tea", "Green tea", 60, 10, 0.3],
    ["carpathian-tea", "Carpathian herbal tea", 72, 14, 0.4],
    ["sea-buckthorn-tea", "Sea-buckthorn and ginger tea", 85, 23, 0.7, -0.6],
    ["matcha-latte", "Matcha latte", 115, 37, 0.5],
    ["chai-latte", "Chai latte", 98, 28, 0.1, -0.4],
    ["hot-chocolate", "Hot chocolate", 98, 31, 0.6, -0.8],
    ["kids-cocoa", "Children's cocoa", 68, 18, 0.1],
  ],
  "Cold drinks": [
    ["iced-latte", "Iced latte", 98, 27, 0.8, 0.8],
    ["cold-brew", "Cold brew", 95, 22, 0.5, 0.7],
    ["espresso-tonic", "Espresso tonic", 108, 34, 0.3, 0.9],
    ["iced-matcha", "Iced matcha", 122, 40, 0.2, 0.7],
    ["berry-lemonade", "Berry lemonade", 88, 22, 0.5, 0.8],
    ["fresh-orange", "Fresh orange juice", 120, 79, 0.1],
    ["bottled-water", "Still water, bottle", 42, 19, 0.4],
    ["kombucha", "Kombucha, bottle", 98, 58, -0.2],
  ],
  Pastries: [
    ["croissant", "Butter croissant", 72, 24, 1.2],
    ["almond-croissant", "Almond croissant", 98, 36, 0.6],
    ["pain-au-chocolat", "Pain au chocolat", 88, 31, 0.5],
    ["cinnamon-bun", "Cinnamon bun", 85, 26, 0.8],
    ["poppy-roll", "Poppy-seed roll", 68, 20, 0.2],
    ["banana-bread", "Banana bread", 78, 24, 0.2],
    ["oat-cookie", "Oat cookie", 48, 14, 0.4],
    ["cantuccini", "Cantuccini", 45, 14, -0.2],
  ],
  Desserts: [
    ["lviv-syrnyk", "Lviv cheesecake", 110, 40, 0.9],
    ["honey-cake", "Honey cake", 105, 37, 0.8],
    ["napoleon", "Napoleon", 108, 39, 0.5],
    ["brownie", "Walnut brownie", 92, 33, 0.6],
    ["tiramisu", "Tiramisu", 125, 48, 0.4],
    ["macaron", "Macaron", 48, 18, 0.1],
  ],
  Food: [
    ["syrnyky", "Syrnyky with sour cream", 165, 62, 0.9],
    ["avocado-toast", "Avocado toast", 195, 82, 0.4],
    ["ham-sandwich", "Ham and cheese sandwich", 128, 54, 0.7],
    ["hummus-wrap", "Hummus wrap", 135, 52, 0.2],
    ["granola", "Granola with yoghurt", 118, 44, 0.3],
    ["omelette", "Omelette with greens", 142, 52, 0.2],
    ["pumpkin-soup", "Pumpkin soup", 125, 40, 0.1, -0.6],
  ],
  Beans: [
    ["house-beans", "House blend, 250 g", 320, 176, 0.9],
    ["ethiopia-beans", "Ethiopia Guji, 250 g", 430, 254, 0.5],
    ["colombia-beans", "Colombia Huila, 250 g", 395, 230, 0.3],
    ["decaf-beans", "Decaf, 250 g", 410, 246, -0.5],
    ["espresso-kilo", "Espresso blend, 1 kg", 1090, 698, -0.3],
  ],
  Merch: [
    ["paper-filters", "Paper filters, 100", 210, 147, 0.5],
    ["keep-cup", "Keep cup", 490, 304, 0.1],
    ["mug", "Zerno mug", 380, 232, 0.2],
    ["tote-bag", "Tote bag", 350, 196, 0],
  ],
};

/** The menu: sixty-odd items; index in this list = index in every array about items. */
export const demoItems: readonly SimItem[] = categories.flatMap((category, c) =>
  rows[category].map(([key, name, price, cost], i) => ({
    key,
    sku: `Z${c + 1}${String(i + 1).padStart(2, "0")}`,
    name,
    category,
    priceMinor: price * 100,
    costMinor: cost * 100,
  })),
);

/** The nature of each item, in the order of `demoItems`. */
export const itemNatures: readonly ItemNature[] = categories.flatMap((category) =>
  rows[category].map(([, , , , appeal, warmth = 0]) => ({ appeal, warmth })),
);

/** Index of an item in `demoItems`. @throws RangeError for a key that is not on the menu */
export function itemIndex(key: string): number {
  const index = indexByKey.get(key);
  if (index === undefined) throw new RangeError(`The demo menu has no item "${key}"; its keys stand in menu.ts.`);
  return index;
}

/** Index of an item, or undefined for a key that is not on the menu. */
export function findItemIndex(key: string): number | undefined {
  return indexByKey.get(key);
}

/** Indices of the items of each category, in the order of `categories`. */
export const itemsOfCategory: readonly (readonly number[])[] = categories.map((category) =>
  [...demoItems.keys()].filter((index) => demoItems[index]!.category === category),
);

const indexByKey = new Map(demoItems.map((item, index) => [item.key, index]));
