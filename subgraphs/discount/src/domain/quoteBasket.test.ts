import fc from "fast-check";
import { expect, test } from "vitest";
import { personalPriceOf } from "./personalPrice.js";
import type { PricingFacts } from "./priceItem.js";
import type { Promotion } from "./promotions.js";
import { quoteBasket, type LineToQuote } from "./quoteBasket.js";

const FACTS: PricingFacts = { currency: "EUR", minorDigits: 2, floor: 0.35, ceiling: 40, tax: { mode: "none", rate: 0 } };
const lineOf = (
  priceMinor: number,
  costMinor: number | null,
  given: Partial<LineToQuote> = {},
  promotions: Promotion[] = [],
): LineToQuote => ({
  itemId: "item",
  quantity: 1,
  offerDepth: null,
  ...given,
  item: { priceMinor, costMinor, promotions },
});
const promotionOf = (reduction: Promotion["reduction"]): Promotion => ({
  id: "promotion",
  name: "Happy hour",
  active: true,
  startsAt: new Date(0),
  endsAt: null,
  rule: {},
  reduction,
});

const cappuccino = (quantity: number) => lineOf(78, 20, { quantity, offerDepth: 15 });
const filters = (quantity: number) => lineOf(210, 147, { quantity }); // 30 % margin: at list, and under its floor
const pricesOf = (lines: LineToQuote[]) => quoteBasket(lines, FACTS)?.lines.map(({ priceMinor, because }) => [priceMinor, because.code]);

test("an offer that the basket cannot bear is none at all, whatever is lacking", () => {
  expect(pricesOf([cappuccino(1)])).toEqual([[67, "personalOffer"]]);
  expect(pricesOf([cappuccino(1), filters(1)])).toEqual([
    [67, "personalOffer"],
    [210, "listPrice"],
  ]);
  // five lack 52.50: more than two cappuccinos spare at 15 % (46.20) and less than at list (61.40); six lack more than that
  for (const quantity of [5, 6])
    expect(pricesOf([cappuccino(2), filters(quantity)])).toEqual([
      [78, "listPrice"],
      [210, "listPrice"],
    ]);
});

test("promotions stay where they hold without the offer, and go where they do not", () => {
  // the cappuccino spares 23.10 with its offer and 30.70 without, two of these 57 with their promotion: eight filters lack 84
  const promoted = (quantity: number) => lineOf(100, 30, { quantity }, [promotionOf({ percent: 10 })]);
  expect(pricesOf([cappuccino(1), filters(8), promoted(2)])?.map(([price]) => price)).toEqual([78, 210, 90]);
  expect(pricesOf([cappuccino(1), filters(30), promoted(2)])?.map(([price]) => price)).toEqual([78, 210, 100]);
});

const lines: fc.Arbitrary<LineToQuote> = fc
  .record({
    priceMinor: fc.integer({ min: 0, max: 900 }),
    share: fc.integer({ min: 0, max: 110 }),
    costKnown: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
    quantity: fc.integer({ min: 1, max: 5 }),
    offerDepth: fc.option(fc.constantFrom(5, 10, 15, 20, 25, 30, 35, 40)),
    promotions: fc.array(
      fc
        .oneof(fc.record({ percent: fc.integer({ min: 1, max: 50 }) }), fc.record({ amountMinor: fc.integer({ min: 1, max: 100 }) }))
        .map(promotionOf),
      { maxLength: 2 },
    ),
  })
  .map(({ priceMinor, share, costKnown, quantity, offerDepth, promotions }) =>
    lineOf(priceMinor, costKnown ? Math.round((priceMinor * share) / 100) : null, { quantity, offerDepth }, promotions),
  );
const taxes: fc.Arbitrary<PricingFacts["tax"]> = fc.constantFrom(FACTS.tax, { mode: "inclusive" as const, rate: 0.2 });

test("whatever is in a basket, each line is at its whole offer or as if there were none, and the floor holds", () => {
  fc.assert(
    fc.property(fc.array(lines, { minLength: 1, maxLength: 6 }), taxes, (basket, tax) => {
      const facts = { ...FACTS, tax };
      const { lines: quoted } = quoteBasket(basket, facts)!;
      const given = basket.map(({ item, offerDepth, quantity }, i) => ({
        paid: quoted[i]!.priceMinor,
        listMinor: item.priceMinor,
        costMinor: item.costMinor,
        quantity,
        whole: personalPriceOf(item, offerDepth, facts)!.price.unitPrice,
        without: personalPriceOf(item, null, facts)!.price.unitPrice,
      }));
      const isWhole = given.every(({ paid, whole }) => paid === whole);
      const isWithout = given.every(({ paid, without }) => paid === without);
      const isAtList = given.every(({ paid, listMinor }) => paid === listMinor);
      expect(isWhole || isWithout || isAtList).toBe(true);

      const spare = ({ paid, costMinor, quantity }: (typeof given)[number]) =>
        costMinor === null ? 0 : ((paid * (1 - facts.floor)) / (1 + tax.rate) - costMinor) * quantity;
      const reduced = given.filter(({ paid, listMinor }) => paid < listMinor);
      for (const line of reduced) expect([line.costMinor === null, spare(line) >= -1e-6]).toEqual([false, true]);
      if (reduced.length > 0) expect(given.reduce((sum, line) => sum + spare(line), 0)).toBeGreaterThanOrEqual(-1e-6);
    }),
    { numRuns: 5_000 },
  );
});
