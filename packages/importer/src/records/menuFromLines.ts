import { derivedId } from "@kava/contracts/ids";
import type { Menu } from "./readMenu.js";

interface Told {
  name: string;
  category: string;
  prices: Map<number, number>;
}

/** A menu for records that come without one: each item that was sold, at the price at which it was sold most often. */
export class MenuFromLines {
  readonly #items = new Map<string, Told>();

  add(key: string, name: string, category: string, priceMinor: number): void {
    let item = this.#items.get(key);
    if (!item) this.#items.set(key, (item = { name: name || key, category: category || "Menu", prices: new Map() }));
    item.prices.set(priceMinor, (item.prices.get(priceMinor) ?? 0) + 1);
  }

  /** `costRatio`: an assumed cost as a share of the price; without one the cost is unknown, and no discount is ever given. */
  menu(tenantId: string, costRatio: number | undefined): Menu {
    return new Map(
      [...this.#items].map(([key, { name, category, prices }]) => {
        const [priceMinor] = [...prices].reduce((best, each) => (each[1] > best[1] ? each : best));
        const costMinor = costRatio === undefined ? null : Math.round(priceMinor * costRatio);
        return [key, { id: derivedId(tenantId, "item", key), sku: key, name, category, priceMinor, costMinor }];
      }),
    );
  }
}
