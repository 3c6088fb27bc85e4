/** Real customers' baskets in the order of time, cut at a moment: what could be known then, and what each customer bought afterwards. */
import { linesOf } from "./sharedData.js";

export interface CustomersAtCut {
  readonly customers: readonly { readonly history: { item: number; baskets: number }[]; readonly basketCount: number }[];
  /** Before the cut, oldest first. */
  readonly baskets: readonly { readonly customer: number; readonly items: readonly number[] }[];
  /** Customers known before who bought something that was known before: their place and all of that. */
  readonly later: readonly { readonly customer: number; readonly items: ReadonlySet<number> }[];
  readonly itemCount: number;
}

/** A line of a receipt: `at` sorts by time, and names a basket together with the customer. */
export interface Line {
  readonly customer: string;
  readonly item: string;
  readonly at: string;
}

/** Receipts of known customers of a café chain: 29 days. */
export function coffeeLines(): Line[] {
  return linesOf("coffee-chain/receipts.csv.gz")
    .slice(1)
    .flatMap((line) => {
      const [transaction, date, time, shop, , customer = "", , , , item = ""] = line.split(",");
      const day = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(date ?? "");
      if (!day || !/^\d+$/.test(item) || !(Number(customer) > 0)) return [];
      return [{ customer, item, at: `${day[3]}-${day[2]}-${day[1]} ${time} ${shop} ${transaction}` }];
    });
}

/** Sales of an online shop to known customers, of the 1,500 items that most lines sell. */
export function shopLines(): Line[] {
  const lines = linesOf("online-retail/online_retail.csv.gz").slice(1).flatMap(saleOf);
  const sold = new Map<string, number>();
  for (const { item } of lines) sold.set(item, (sold.get(item) ?? 0) + 1);
  const most = [...sold].sort((a, b) => b[1] - a[1]).slice(0, 1_500);
  const kept = new Set(most.map(([item]) => item));
  return lines.filter(({ item }) => kept.has(item));
}

/** @param moment as a day, or the share of the lines' baskets that come before it */
export function cutAt(lines: readonly Line[], moment: string | number): CustomersAtCut {
  const moments = [...new Set(lines.map(({ at }) => at))].sort();
  const cut = typeof moment === "string" ? moment : (moments[Math.floor(moment * moments.length)] ?? "~");
  const [customers, items, baskets] = [new Map<string, number>(), new Map<string, number>(), new Map<string, Basket>()];
  const earlier = lines.filter(({ at }) => at < cut).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  for (const line of earlier) {
    const basket = baskets.get(line.customer + line.at) ?? { customer: placeOf(customers, line.customer), items: new Set<number>() };
    baskets.set(line.customer + line.at, basket);
    basket.items.add(placeOf(items, line.item));
  }
  const later = new Map<number, Set<number>>();
  for (const { customer, item, at } of lines) {
    const [place, owner] = [items.get(item), customers.get(customer)];
    if (at < cut || place === undefined || owner === undefined) continue;
    later.set(owner, (later.get(owner) ?? new Set()).add(place));
  }
  const counts = Array.from({ length: customers.size }, () => ({ items: new Map<number, number>(), baskets: 0 }));
  for (const { customer, items: held } of baskets.values()) {
    counts[customer]!.baskets += 1;
    for (const item of held) counts[customer]!.items.set(item, (counts[customer]!.items.get(item) ?? 0) + 1);
  }
  return {
    customers: counts.map((of) => ({ history: [...of.items].map(([item, had]) => ({ item, baskets: had })), basketCount: of.baskets })),
    baskets: [...baskets.values()].map((basket) => ({ customer: basket.customer, items: [...basket.items] })),
    later: [...later].map(([customer, bought]) => ({ customer, items: bought })),
    itemCount: items.size,
  };
}

interface Basket {
  readonly customer: number;
  readonly items: Set<number>;
}

function placeOf(places: Map<string, number>, name: string): number {
  const place = places.get(name) ?? places.size;
  places.set(name, place);
  return place;
}

/** Lines with a customer that are no return and have a price: description, quantity, moment, price, customer. A description may be quoted. */
function saleOf(line: string): Line[] {
  const cells = line.startsWith('"') ? quoted(line) : line.split(",");
  const [item = "", quantity, at = "", price, customer = ""] = cells;
  return item !== "" && customer !== "" && Number(quantity) > 0 && Number(price) > 0 ? [{ item: item.trim(), at, customer }] : [];
}

function quoted(line: string): string[] {
  const end = /"(?!")(?=,)/.exec(line.slice(1).replaceAll('""', "__"))!.index + 1;
  return [line.slice(1, end).replaceAll('""', '"'), ...line.slice(end + 2).split(",")];
}
