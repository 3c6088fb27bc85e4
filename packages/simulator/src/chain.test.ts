import { ItemRow, PurchaseLineRow, VenueRow } from "@kava/contracts/loading";
import { TenantFacts } from "@kava/contracts/tenant";
import { describe, expect, test } from "vitest";
import { demoChain, type SimPurchase } from "./chain.js";
import { categories } from "./menu.js";

const endAt = new Date("2026-11-22T13:00:00Z");
const chain = demoChain({ seed: 42, endAt });
const purchases = [...chain.purchases()];
const itemOf = new Map(chain.items.map((item) => [item.key, item]));
const lines = purchases.flatMap((purchase) => purchase.lines);
const has = (purchase: SimPurchase, key: string) => purchase.lines.some((line) => line.itemKey === key);
const share = (part: number, whole: number) => part / whole;
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
const kyiv = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Kyiv", hour: "2-digit" });
const kyivHour = (at: Date) => Number(kyiv.format(at));

describe("the same seed", () => {
  const small = (seed: number, end = endAt) => demoChain({ seed, endAt: end, days: 70, customers: 60 });

  test("gives the same chain, and another seed another", () => {
    expect([...small(1).purchases()]).toEqual([...small(1).purchases()]);
    expect(small(1).customers).toEqual(small(1).customers);
    expect([...small(2).purchases()]).not.toEqual([...small(1).purchases()]);
  });

  test("gives the same people whatever the date", () => {
    const withoutDates = (customers: ReturnType<typeof small>["customers"]) => customers.map(({ joinedAt: _, ...customer }) => customer);
    expect(withoutDates(small(1, new Date("2027-03-01T08:00:00Z")).customers)).toEqual(withoutDates(small(1).customers));
  });

  test("gives a smaller chain that is the beginning of the larger", () => {
    const larger = demoChain({ seed: 1, endAt, days: 70, customers: 90 });
    expect(larger.customers.slice(0, 60)).toEqual(small(1).customers);
    const ofFirst = (from: Iterable<SimPurchase>) =>
      [...from].filter(({ customerKey }) => customerKey !== null && customerKey <= "demo-0060");
    expect(ofFirst(larger.purchases())).toEqual(ofFirst(small(1).purchases()));
  });
});

describe("the history", () => {
  test("has the size of a chain: 2,000 customers, some 70,000 purchases, two in five without a name", () => {
    expect(chain.customers).toHaveLength(2000);
    expect(purchases.length).toBeGreaterThan(65_000);
    expect(purchases.length).toBeLessThan(85_000);
    const anonymous = purchases.filter((purchase) => purchase.customerKey === null).length;
    expect(share(anonymous, purchases.length)).toBeGreaterThan(0.3);
    expect(share(anonymous, purchases.length)).toBeLessThan(0.5);
  });

  test("is in order of time, within opening hours, and ends by its end", () => {
    expect(purchases.every((purchase, i) => i === 0 || purchase.at >= purchases[i - 1]!.at)).toBe(true);
    expect(purchases.at(-1)!.at < endAt).toBe(true);
    expect(purchases[0]!.at.toISOString().slice(0, 10)).toBe("2026-05-25");
    const hours = purchases.map(({ at }) => kyivHour(at));
    expect(Math.min(...new Set(hours))).toBe(7);
    expect(Math.max(...new Set(hours))).toBe(21);
  });

  test("names every purchase once and knows every key in it", () => {
    expect(new Set(purchases.map(({ key }) => key)).size).toBe(purchases.length);
    const venues = new Set(chain.venues.map(({ key }) => key));
    const customers = new Map(chain.customers.map((customer) => [customer.key, customer]));
    for (const { venueKey, customerKey, lines: own, at } of purchases) {
      if (!venues.has(venueKey) || !own.every((line) => itemOf.has(line.itemKey))) expect.unreachable("unknown venue or item");
      if (customerKey !== null && !(customers.get(customerKey)!.joinedAt < at)) expect.unreachable(`${customerKey} bought before joining`);
    }
  });

  test("has baskets of one to four items, priced as the menu says, reduced only where the public promotion runs", () => {
    const [promotion] = chain.promotions;
    for (const { at, lines: own, discountMinor } of purchases) {
      const list = sum(own.map((line) => line.quantity * line.unitPriceMinor));
      const runs = promotion!.from <= at && at < promotion!.to;
      const sound =
        own.length >= 1 &&
        own.length <= 4 &&
        discountMinor === list - sum(own.map((line) => line.paidMinor)) &&
        (runs || discountMinor === 0);
      if (!sound) expect.unreachable(`an unsound basket at ${at.toISOString()}`);
    }
    expect(lines.every((line) => line.unitPriceMinor === itemOf.get(line.itemKey)!.priceMinor)).toBe(true);
    expect(purchases.some(({ discountMinor }) => discountMinor > 0)).toBe(true);
  });

  test("has a plausible average order value, gross margin, and share of each category", () => {
    const revenue = sum(lines.map((line) => line.paidMinor));
    const cost = sum(lines.map((line) => line.quantity * itemOf.get(line.itemKey)!.costMinor));
    expect(revenue / purchases.length).toBeGreaterThan(15_000);
    expect(revenue / purchases.length).toBeLessThan(24_000);
    expect(1 - cost / revenue).toBeGreaterThan(0.6);
    expect(1 - cost / revenue).toBeLessThan(0.7);
    const spent = Map.groupBy(lines, (line) => itemOf.get(line.itemKey)!.category);
    const shares = categories.map((category) => share(sum(spent.get(category)!.map((line) => line.paidMinor)), revenue));
    expect(Math.min(...shares)).toBeGreaterThan(0.01);
    expect(Math.max(...shares)).toBeLessThan(0.35);
    expect(new Set(lines.map((line) => line.itemKey)).size).toBe(chain.items.length);
  });

  test("has a week and a summer in it: calmer weekends, more cold drinks in July than in November", () => {
    const weekend = purchases.filter(({ at }) => [0, 6].includes(at.getUTCDay())).length;
    expect(share(weekend, purchases.length)).toBeGreaterThan(0.12);
    expect(share(weekend, purchases.length)).toBeLessThan(2 / 7);
    const coldShare = (month: string) => {
      const own = purchases.filter(({ at }) => at.toISOString().startsWith(month)).flatMap((purchase) => purchase.lines);
      return share(own.filter((line) => ["iced-latte", "espresso-tonic", "cold-brew"].includes(line.itemKey)).length, own.length);
    };
    expect(coldShare("2026-07")).toBeGreaterThan(1.2 * coldShare("2026-11"));
  });
});

describe("what is there to be found", () => {
  test("every true pairing has a lift above 1.3", () => {
    for (const { antecedent, consequent } of chain.truth.pairings) {
      const [a, c, both] = [
        purchases.filter((p) => has(p, antecedent)).length,
        purchases.filter((p) => has(p, consequent)).length,
        purchases.filter((p) => has(p, antecedent) && has(p, consequent)).length,
      ];
      expect((both * purchases.length) / (a * c), `${antecedent} → ${consequent}`).toBeGreaterThan(1.3);
    }
  });

  test("customers who share a lean share favourites: matcha goes with oat milk more than with mocha", () => {
    const buyersOf = (key: string) => new Set(purchases.filter((p) => p.customerKey !== null && has(p, key)).map((p) => p.customerKey));
    const cosine = (a: string, b: string) => {
      const [left, right] = [buyersOf(a), buyersOf(b)];
      return [...left].filter((buyer) => right.has(buyer)).length / Math.sqrt(left.size * right.size);
    };
    expect(cosine("matcha-latte", "oat-latte")).toBeGreaterThan(cosine("matcha-latte", "mocha"));
    expect(cosine("espresso", "doppio")).toBeGreaterThan(cosine("espresso", "oat-latte"));
  });

  test("ways of life show: commuters on weekday mornings with one drink, families at weekends with large baskets", () => {
    const ofHabit = Map.groupBy(
      purchases.filter((purchase) => purchase.customerKey !== null),
      (purchase) => chain.truth.customer(purchase.customerKey!).habit,
    );
    expect(new Set(ofHabit.keys())).toEqual(new Set(chain.truth.habitNames));
    const describeHabit = (name: string) => {
      const own = ofHabit.get(name)!;
      return {
        mornings: share(own.filter(({ at }) => kyivHour(at) < 10).length, own.length),
        weekends: share(own.filter(({ at }) => [0, 6].includes(at.getUTCDay())).length, own.length),
        items: share(sum(own.map((purchase) => purchase.lines.length)), own.length),
        atHome: share(
          own.filter(({ customerKey, venueKey }) => chain.customers[chain.truth.indexOf(customerKey!)!]!.homeVenueKey === venueKey).length,
          own.length,
        ),
      };
    };
    const [commuter, family, student] = ["commuter", "family", "student"].map(describeHabit);
    expect(commuter!.mornings).toBeGreaterThan(0.7);
    expect(commuter!.items).toBeLessThan(1.5);
    expect(family!.weekends).toBeGreaterThan(0.5);
    expect(family!.items).toBeGreaterThan(2);
    expect(student!.mornings).toBeLessThan(0.15);
    expect(commuter!.atHome).toBeGreaterThan(0.8);
  });

  test("the price-sensitive hardly buy at list prices, and what a shop observes of them is a noisy sign", () => {
    const count = Map.groupBy(purchases, (purchase) => purchase.customerKey);
    const people = chain.customers.map((customer) => ({
      ...chain.truth.customer(customer.key),
      bought: count.get(customer.key)?.length ?? 0,
      customer,
    }));
    const average = (own: typeof people, of: (person: (typeof people)[number]) => number) => sum(own.map(of)) / own.length;
    const [sensitive, others] = [people.filter((p) => p.sensitive), people.filter((p) => !p.sensitive)];
    expect(average(sensitive, (p) => p.bought)).toBeLessThan(0.3 * average(others, (p) => p.bought));
    expect(average(sensitive, (p) => p.customer.attributes.dealInterest)).toBeGreaterThan(0.4);
    expect(average(others, (p) => p.customer.attributes.dealInterest)).toBeLessThan(-0.4);
  });

  test("newcomers join over the six months, and some regulars lapse", () => {
    const joined = chain.customers.filter(({ key }) => chain.truth.customer(key).joinDay >= 0);
    expect(share(joined.length, 2000)).toBeGreaterThan(0.2);
    expect(chain.customers.every(({ joinedAt }) => joinedAt < endAt)).toBe(true);
    const lastSeen = new Map(purchases.map((purchase) => [purchase.customerKey, purchase.at.getTime()]));
    const regulars = [...Map.groupBy(purchases, (p) => p.customerKey)].filter(([key, own]) => key !== null && own.length >= 20);
    const silent = regulars.filter(([key]) => endAt.getTime() - lastSeen.get(key)! > 30 * 86_400_000);
    expect(silent.length).toBeGreaterThan(30);
  });

  test("the customers to show first are regulars, one of each way of life", () => {
    expect(chain.showcase.map((key) => chain.truth.customer(key).habit)).toEqual(chain.truth.habitNames);
    for (const key of chain.showcase) expect(purchases.filter((p) => p.customerKey === key).length, key).toBeGreaterThan(15);
  });
});

describe("the face", () => {
  test("facts, venues, items and lines fit the loaders", () => {
    const id = "1b4e28ba-2fa1-4d2e-883f-0016d3cca427";
    expect(TenantFacts.parse(chain.tenantFacts)).toEqual(chain.tenantFacts);
    for (const { key, ...venue } of chain.venues) VenueRow.parse({ id, key, ...venue });
    for (const { key: _, ...item } of chain.items) ItemRow.parse({ id, ...item });
    for (const { itemKey: _, ...line } of lines.slice(0, 200)) PurchaseLineRow.parse({ itemId: id, ...line });
    expect(new Set(chain.customers.map(({ email }) => email)).size).toBe(2000);
    expect(chain.customers.every(({ tastes }) => tastes.every((taste) => (categories as readonly string[]).includes(taste)))).toBe(true);
  });

  test("the menu has items with room for a discount, some on which the floor binds, and some that are below it", () => {
    const margins = chain.items.map(({ priceMinor, costMinor }) => 1 - costMinor / priceMinor);
    expect(margins.length).toBeGreaterThanOrEqual(58);
    expect(margins.filter((margin) => margin >= 0.61).length).toBeGreaterThan(30);
    expect(margins.filter((margin) => margin >= 0.35 && margin < 0.61).length).toBeGreaterThan(8);
    expect(margins.filter((margin) => margin < 0.35).length).toBeGreaterThanOrEqual(2);
  });

  test("refuses numbers that make no chain", () => {
    expect(() => demoChain({ seed: 1, endAt, days: 0 })).toThrow(/at least 1, not 0/);
    expect(() => demoChain({ seed: 1, endAt, customers: 1.5 })).toThrow(/not 1.5/);
    expect(() => demoChain({ seed: 1, endAt: new Date("never") })).toThrow(/not a valid date/);
    expect(() => chain.truth.customer("demo-9999")).toThrow(/no customer "demo-9999"/);
  });
});
