import { derivedId } from "@kava/contracts/ids";
import type { ItemRow } from "@kava/contracts/loading";
import type { FileMapping, MENU_FIELDS } from "../mapping/mapping.js";
import { readMoney } from "../values/readMoney.js";
import { fault, openTable, type TableOptions } from "./tableReader.js";

type Field = (typeof MENU_FIELDS)[number];

/** Menu items by the chain's own key. */
export type Menu = Map<string, ItemRow>;

/** What money looks like here: minor digits of the tenant's currency. */
export interface Money {
  digits: number;
}

/** Reads the menu. A cost may be a share of the price (`ratio`), and may be missing: then no discount is ever given on the item. */
export const readMenu = async (
  file: string,
  mapping: FileMapping<Field>,
  tenantId: string,
  { digits }: Money,
  options: TableOptions,
): Promise<{ menu: Menu; lines: number }> => {
  const table = await openTable("menu", file, mapping, options);
  const [id, sku, name, category, price, cost] = (["id", "sku", "name", "category", "price", "cost"] as const).map((field) =>
    table.field(field),
  );
  const { cost: costSource, price: priceSource } = table.sources;
  const menu: Menu = new Map();
  const lines = await table.each(({ cells }) => {
    const key = id!(cells) || fault("the item has no id");
    if (menu.has(key)) fault("the id stands twice in the menu", key);
    const priceMinor = readMoney(price!(cells), digits, priceSource?.decimal) ?? fault("the price is no amount", `"${price!(cells)}"`);
    if (priceMinor < 0) fault("the price is negative", price!(cells));
    const told = costSource?.ratio === undefined ? cost!(cells) : "";
    const read =
      costSource?.ratio === undefined
        ? told && (readMoney(told, digits, costSource?.decimal) ?? fault("the cost is no amount", `"${told}"`))
        : Math.round(priceMinor * costSource.ratio);
    const costMinor = read === "" ? null : read;
    if (costMinor !== null && costMinor < 0) fault("the cost is negative", told);
    menu.set(key, {
      id: derivedId(tenantId, "item", key),
      sku: sku!(cells) || key,
      name: name!(cells) || fault("the item has no name"),
      category: category!(cells) || "Menu",
      priceMinor,
      costMinor,
    });
  });
  return { menu, lines };
};
