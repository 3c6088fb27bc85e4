import { linesOf } from "./sharedData.js";

/** Customers of a gift wholesaler: what they had before the last three months, what was new in them, and all baskets before. */
export interface Wholesale {
  readonly histories: readonly (readonly number[])[];
  readonly baskets: readonly (readonly number[])[];
  /** Customers with something new after the cut: their place and the new items. */
  readonly later: readonly { readonly customer: number; readonly news: ReadonlySet<number> }[];
  readonly itemCount: number;
}

const MOST_SOLD = 1_500;
const CUT = "2011-09-09";

/** Of the 1,500 items that most lines sell. */
export function onlineRetail(): Wholesale {
  const lines = linesOf("online-retail/online_retail.csv.gz").slice(1).flatMap(saleOf);
  const sold = new Map<string, number>();
  for (const { item } of lines) sold.set(item, (sold.get(item) ?? 0) + 1);
  const kept = new Set(
    [...sold]
      .sort((a, b) => b[1] - a[1])
      .slice(0, MOST_SOLD)
      .map(([item]) => item),
  );
  const before = lines.filter(({ item, at }) => kept.has(item) && at < CUT);
  const [items, customers] = [new Numbers(), new Numbers()];
  const baskets = new Map<string, { owner: number; items: Set<number> }>();
  for (const { item, at, customer } of before) {
    const basket = baskets.get(customer + at) ?? { owner: customers.of(customer), items: new Set<number>() };
    baskets.set(customer + at, basket);
    basket.items.add(items.of(item));
  }
  const histories = Array.from({ length: customers.size }, () => new Set<number>());
  for (const { owner, items: held } of baskets.values()) for (const item of held) histories[owner]!.add(item);
  const news = Array.from({ length: customers.size }, () => new Set<number>());
  for (const { item, at, customer } of lines) {
    const [place, owner] = [items.known(item), customers.known(customer)];
    if (at >= CUT && place !== undefined && owner !== undefined && !histories[owner]!.has(place)) news[owner]!.add(place);
  }
  return {
    histories: histories.map((history) => [...history]),
    baskets: [...baskets.values()].map(({ items: held }) => [...held]),
    later: news.flatMap((each, customer) => (each.size > 0 ? [{ customer, news: each }] : [])),
    itemCount: items.size,
  };
}

class Numbers {
  readonly #places = new Map<string, number>();
  get size(): number {
    return this.#places.size;
  }
  of(name: string): number {
    const place = this.#places.get(name) ?? this.#places.size;
    this.#places.set(name, place);
    return place;
  }
  known(name: string): number | undefined {
    return this.#places.get(name);
  }
}

/** Lines with a customer that are no return and have a price: description, quantity, moment, price, customer. A description may be quoted. */
function saleOf(line: string): { item: string; at: string; customer: string }[] {
  const cells = line.startsWith('"') ? quoted(line) : line.split(",");
  const [item = "", quantity, at = "", price, customer = ""] = cells;
  return item !== "" && customer !== "" && Number(quantity) > 0 && Number(price) > 0 ? [{ item: item.trim(), at, customer }] : [];
}

function quoted(line: string): string[] {
  const end = /"(?!")(?=,)/.exec(line.slice(1).replaceAll('""', "__"))!.index + 1;
  return [line.slice(1, end).replaceAll('""', '"'), ...line.slice(end + 2).split(",")];
}
