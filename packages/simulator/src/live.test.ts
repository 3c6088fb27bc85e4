import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { demoChain } from "./chain.js";
import { simulatedInstant } from "./clock.js";
import { startLive, step, type LiveOffer, type LivePurchase } from "./live.js";

const hour = 3_600_000;
const day = 24 * hour;
const endAt = new Date("2026-11-18T12:30:00Z"); // a Wednesday, half past two in Lviv
const chain = demoChain({ seed: 9, endAt, days: 40, customers: 250 });
const start = startLive(chain);
const nobody: ReadonlyMap<string, LiveOffer> = new Map();
const after = (ms: number) => new Date(endAt.getTime() + ms);

/** The truth's favourite of every customer. */
const favourites = (depth: number) =>
  new Map(chain.customers.map(({ key }): [string, LiveOffer] => [key, { itemKey: chain.truth.customer(key).favourites[0]!, depth }]));

function stepThrough(ends: readonly number[], offers: ReadonlyMap<string, LiveOffer>): { purchases: LivePurchase[]; final: unknown } {
  let state = start;
  const purchases: LivePurchase[] = [];
  for (const end of ends) {
    const result = step(state, state.at, after(end), offers);
    purchases.push(...result.purchases);
    state = result.state;
  }
  return { purchases, final: { shoppers: state.shoppers, shown: state.shown } };
}

describe("living on", () => {
  test("begins where the history ends", () => {
    const late = demoChain({ seed: 9, endAt: new Date("2026-11-18T21:59:00Z"), days: 40, customers: 250 });
    const live = step(start, endAt, late.endAt, nobody).purchases.map(({ offerItemKey: _, ...purchase }) => purchase);
    expect([...chain.purchases(), ...live]).toEqual([...late.purchases()]);
    expect(live.length).toBeGreaterThan(10);
  });

  test("in steps of any length gives what one long step gives", () => {
    const offers = favourites(20);
    const whole = stepThrough([3 * day], offers);
    expect(whole.purchases.length).toBeGreaterThan(100);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 * day }), { maxLength: 12 }), (cuts) => {
        const parts = stepThrough([...cuts.sort((a, b) => a - b), 3 * day], offers);
        expect(parts.purchases).toEqual(whole.purchases);
        expect(parts.final).toEqual(whole.final);
      }),
      { numRuns: 15 },
    );
  });

  test("leaves the state it was given as it was", () => {
    const before = structuredClone(start.shoppers);
    step(start, endAt, after(2 * day), favourites(30));
    expect(start.shoppers).toEqual(before);
  });

  test("an offer to one customer changes nothing for any other", () => {
    const [key, offer] = [...favourites(35)][3]!;
    const others = (purchases: readonly LivePurchase[]) => purchases.filter(({ customerKey }) => customerKey !== key);
    const without = step(start, endAt, after(10 * day), nobody).purchases;
    expect(others(step(start, endAt, after(10 * day), new Map([[key, offer]])).purchases)).toEqual(others(without));
  });

  test("a gap is lived without a record, and no window is lived twice", () => {
    const later = step(start, after(5 * day), after(6 * day), nobody);
    const through = step(step(start, endAt, after(5 * day), nobody).state, after(5 * day), after(6 * day), nobody);
    expect(later.purchases).toEqual(through.purchases);
    expect(() => step(later.state, after(5 * day), after(7 * day), nobody)).toThrow(/already lived up to/);
    expect(() => step(start, endAt, after(-hour), nobody)).toThrow(/end it later/);
    expect(() => step(start, new Date("never"), endAt, nobody)).toThrow(/an invalid date/);
  });
});

describe("offers at work", () => {
  const month = after(28 * day);
  const boughtBy = (purchases: readonly LivePurchase[], chosen: (key: string) => boolean) =>
    purchases.filter(({ customerKey }) => customerKey !== null && chosen(customerKey));
  const isSensitive = (key: string) => chain.truth.customer(key).sensitive;

  test("bring in the price-sensitive, who then take the item that is offered at its price", () => {
    const without = step(start, endAt, month, nobody).purchases;
    const offers = favourites(35);
    const withOffers = step(start, endAt, month, offers).purchases;
    expect(boughtBy(withOffers, isSensitive).length).toBeGreaterThan(2 * boughtBy(without, isSensitive).length);
    const used = withOffers.filter(({ offerItemKey }) => offerItemKey !== null);
    expect(used.length).toBeGreaterThan(50);
    for (const { customerKey, offerItemKey, lines, discountMinor } of used) {
      const line = lines.find(({ itemKey }) => itemKey === offerItemKey)!;
      const reduced = line.quantity * line.unitPriceMinor - line.paidMinor;
      expect(offerItemKey).toBe(offers.get(customerKey!)!.itemKey);
      expect(reduced).toBe(Math.floor((line.unitPriceMinor * 35) / 100));
      expect(discountMinor).toBe(reduced);
    }
  });

  test("are paid at the price that the graph shows, where it shows one", () => {
    const offers = new Map([...favourites(30)].map(([key, offer]): [string, LiveOffer] => [key, { ...offer, priceMinor: 1234 }]));
    const used = step(start, endAt, after(10 * day), offers).purchases.filter(({ offerItemKey }) => offerItemKey !== null);
    expect(used.length).toBeGreaterThan(5);
    for (const { lines, offerItemKey } of used) {
      const line = lines.find(({ itemKey }) => itemKey === offerItemKey)!;
      expect(line.paidMinor - (line.quantity - 1) * line.unitPriceMinor).toBe(1234);
    }
  });

  test("for unknown items or unknown customers change nothing", () => {
    const strange = new Map([
      ["demo-0001", { itemKey: "no-such-item", depth: 20 }],
      ["someone-else", { itemKey: "latte", depth: 20 }],
    ]);
    expect(step(start, endAt, after(5 * day), strange).purchases).toEqual(step(start, endAt, after(5 * day), nobody).purchases);
  });

  test("that never stop make some opt out, and the step says who", () => {
    let state = start;
    const gone: string[] = [];
    for (let week = 1; week <= 26; week++) {
      const result = step(state, state.at, after(week * 7 * day), favourites(10 + (week % 2)));
      gone.push(...result.optedOut);
      state = result.state;
    }
    expect(gone.length).toBeGreaterThan(0);
    expect(new Set(gone).size).toBe(gone.length);
    for (const key of gone) expect(state.shoppers.reachable[chain.truth.indexOf(key)!]).toBe(0);
  });
});

test("a paced clock shows simulated time", () => {
  const clock = { startedAt: endAt, from: new Date("2026-01-01T00:00:00Z"), pace: 3600 };
  expect(simulatedInstant(clock, after(2000)).toISOString()).toBe("2026-01-01T02:00:00.000Z");
});
