import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkBasket, type BasketInput, type BundleInput } from "./checkBasket.js";
import type { LineInput, MarginVerdict, Tax } from "./checkMargin.js";

const EUR = { code: "EUR", minorDigits: 2 };
const plain: Tax = { mode: "none" };
const latte: LineInput = { listPrice: 400, cost: 120, quantity: 1, depth: 0, tax: plain };
const cookie: LineInput = { listPrice: 200, cost: 60, quantity: 1, depth: 0, tax: plain };
const bottle: LineInput = { listPrice: 150, cost: 140, quantity: 1, depth: 0, tax: plain };
const basket = (lines: LineInput[], bundles: BundleInput[] = []): BasketInput => ({
  currency: EUR,
  floor: 0.35,
  ceiling: 40,
  lines,
  bundles,
});
const linePrices = (lines: readonly MarginVerdict[]): (number | undefined)[] => lines.map((line) => line.price?.linePrice);

describe("a bundle", () => {
  test("at one price is spread over its lines pro rata and sums exactly", () => {
    const verdict = checkBasket(basket([latte, cookie, latte], [{ lines: [0, 1], offer: { kind: "price", amount: 500 } }]));
    expect(linePrices(verdict.lines)).toEqual([333, 167, 400]);
    expect(verdict).toMatchObject({ kind: "accepted", total: 900, listTotal: 1000, bundles: [{ applied: true }] });
  });

  test("gives a free item by taking its price off all lines of the bundle", () => {
    const threeForTwo = checkBasket(basket([{ ...latte, quantity: 3 }], [{ lines: [0], offer: { kind: "freeUnits", line: 0, units: 1 } }]));
    expect(threeForTwo.lines[0]?.price).toMatchObject({ linePrice: 800, unitPrice: 267 });
    const freeCookie = checkBasket(basket([latte, cookie], [{ lines: [0, 1], offer: { kind: "freeUnits", line: 1, units: 1 } }]));
    expect(linePrices(freeCookie.lines)).toEqual([267, 133]);
  });

  test("that would put one of its lines under the floor is refused, and its lines are priced on their own", () => {
    const verdict = checkBasket(
      basket(
        [
          { ...latte, depth: 10 },
          { ...cookie, cost: 120 },
        ],
        [{ lines: [0, 1], offer: { kind: "price", amount: 500 } }],
      ),
    );
    expect(verdict).toMatchObject({ kind: "corrected", bundles: [{ applied: false, reason: "bundleBelowFloor" }], total: 560 });
  });

  test("that is dearer, of unknown cost, or names a line twice is refused with its reason", () => {
    const offer = { kind: "price", amount: 900 } as const;
    const cheap = { kind: "price", amount: 500 } as const;
    const verdict = checkBasket(
      basket(
        [latte, cookie, { ...latte, cost: null }],
        [
          { lines: [0, 1], offer },
          { lines: [0, 2], offer: cheap },
          { lines: [0, 0], offer: cheap },
          { lines: [7], offer: cheap },
        ],
      ),
    );
    expect(verdict.bundles.map((bundle) => bundle.reason)).toEqual(["bundleNotCheaper", "costUnknown", "invalidInput", "invalidInput"]);
  });

  test("takes the personal depth on top, within floor and ceiling", () => {
    const verdict = checkBasket(basket([{ ...latte, depth: 50 }, cookie], [{ lines: [0, 1], offer: { kind: "price", amount: 540 } }]));
    expect(verdict.lines[0]).toMatchObject({ kind: "corrected", bound: "ceiling", price: { linePrice: 240 } });
  });
});

describe("the basket's own floor", () => {
  test("shrinks the depths when a line sold at list under its floor pulls the basket under", () => {
    const alone = checkBasket(basket([{ ...latte, cost: 150, depth: 40 }]));
    const together = checkBasket(basket([{ ...latte, cost: 150, depth: 40 }, bottle]));
    expect(alone.total).toBe(240);
    expect(together).toMatchObject({
      kind: "corrected",
      lines: [
        { kind: "corrected", bound: "floor" },
        { kind: "refused", reason: "listBelowFloor" },
      ],
    });
    expect(together.total).toBe(Math.ceil((150 + 140) / 0.65));
  });

  test("refuses every reduction when even the promotions cannot be covered", () => {
    const verdict = checkBasket(
      basket([
        { ...cookie, promotions: [{ kind: "percentage", percent: 10 }] },
        { ...bottle, quantity: 5 },
      ]),
    );
    expect(verdict).toMatchObject({
      kind: "refused",
      reason: "basketBelowFloor",
      total: 950,
      lines: [{ reason: "basketBelowFloor" }, { reason: "listBelowFloor" }],
    });
  });

  test("leaves a basket without reductions alone, whatever its margin", () => {
    expect(checkBasket(basket([latte, { ...bottle, quantity: 9 }]))).toMatchObject({ kind: "corrected", reason: null, total: 1750 });
    expect(checkBasket(basket([]))).toMatchObject({ kind: "accepted", total: 0 });
  });

  test("does not count a line of unknown cost, which is sold at list", () => {
    expect(
      checkBasket(
        basket([
          { ...latte, depth: 20 },
          { ...bottle, cost: null },
        ]),
      ),
    ).toMatchObject({ total: 470, lines: [{ kind: "accepted" }, { reason: "costUnknown" }] });
  });

  test("has no total when a line has no price or the sum is too large", () => {
    expect(checkBasket(basket([latte, { ...latte, quantity: -2 }]))).toMatchObject({
      kind: "refused",
      reason: "invalidInput",
      total: null,
    });
    const huge = { ...latte, listPrice: Number.MAX_SAFE_INTEGER };
    expect(checkBasket(basket([huge, huge]))).toMatchObject({ kind: "refused", reason: "invalidInput", total: null });
  });
});

const RATE = fc.integer({ min: 0, max: 250 }).map((t) => t / 1000);
const lines: fc.Arbitrary<LineInput> = fc
  .record({
    listPrice: fc.integer({ min: 0, max: 900 }),
    share: fc.integer({ min: 0, max: 1100 }),
    unknown: fc.integer({ min: 0, max: 12 }),
    quantity: fc.integer({ min: 1, max: 4 }),
    depth: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 5000 }).map((t) => t / 100),
    ),
    percent: fc.integer({ min: 0, max: 60 }),
    promoted: fc.boolean(),
    tax: fc.oneof(
      fc.constant<Tax>(plain),
      RATE.map<Tax>((rate) => ({ mode: "inclusive", rate })),
    ),
  })
  .map(({ share, unknown, percent, promoted, ...rest }) => ({
    ...rest,
    cost: unknown === 0 ? null : Math.floor((rest.listPrice * share) / 1000),
    promotions: promoted ? [{ kind: "percentage", percent }] : [],
  }));
const baskets: fc.Arbitrary<BasketInput> = fc
  .record({
    lines: fc.array(lines, { minLength: 1, maxLength: 4 }),
    floor: fc.integer({ min: 0, max: 60 }),
    ceiling: fc.integer({ min: 0, max: 60 }),
    amount: fc.integer({ min: 0, max: 1500 }),
    size: fc.integer({ min: 0, max: 3 }),
    free: fc.boolean(),
  })
  .map(({ lines, floor, ceiling, amount, size, free }) => ({
    currency: EUR,
    floor: floor / 100,
    ceiling,
    lines,
    bundles:
      size === 0
        ? []
        : [
            {
              lines: lines.slice(0, size).map((_, i) => i),
              offer: free ? { kind: "freeUnits", line: 0, units: 1 } : { kind: "price", amount },
            },
          ],
  }));

/** Price over cost and floor, in integers of the test's own; rates are thousandths. */
function spare(price: number, line: LineInput, floor: number): bigint {
  const inside = line.tax.mode === "inclusive" ? Math.round(line.tax.rate * 1000) : 0;
  const keep = BigInt(1000 - Math.round(floor * 1000));
  // net of each line's own tax, so that different taxes can be added; billionths, rounded
  return (
    ((BigInt(price) * keep - BigInt((line.cost ?? 0) * line.quantity) * BigInt(1000 + inside)) * 1_000_000_000n) / BigInt(1000 + inside)
  );
}

describe("over 100,000 random baskets", { timeout: 300_000 }, () => {
  test("no discounted line and no discounted basket is under its floor", () => {
    let reduced = 0;
    fc.assert(
      fc.property(baskets, (input) => {
        const verdict = checkBasket(input);
        let total = 0n;
        let anyReduced = false;
        for (const [i, line] of input.lines.entries()) {
          const price = verdict.lines[i]!.price!;
          if (price.linePrice > line.listPrice * line.quantity) return false;
          const isReduced = price.linePrice < line.listPrice * line.quantity;
          if (isReduced && (line.cost === null || spare(price.linePrice, line, input.floor) < 0n)) return false;
          anyReduced ||= isReduced;
          if (line.cost !== null) total += spare(price.linePrice, line, input.floor);
        }
        if (anyReduced) reduced++;
        return !anyReduced || total >= -4n;
      }),
      { numRuns: 100_000 },
    );
    expect(reduced).toBeGreaterThan(30_000);
  });

  test("a higher cost of any line never gives any line a deeper personal depth, nor that line a lower price", () => {
    fc.assert(
      fc.property(baskets, fc.nat(3), fc.integer({ min: 1, max: 300 }), (input, at, more) => {
        const index = at % input.lines.length;
        const dearer = input.lines.map((line, i) => (i === index && line.cost !== null ? { ...line, cost: line.cost + more } : line));
        const before = checkBasket(input);
        const after = checkBasket({ ...input, lines: dearer });
        return before.lines.every((line, i) => line.price!.linePrice <= after.lines[i]!.price!.linePrice);
      }),
      { numRuns: 100_000 },
    );
  });

  test("checking the depths of a verdict again gives the same prices", () => {
    fc.assert(
      fc.property(baskets, (input) => {
        const first = checkBasket(input);
        const again = checkBasket({ ...input, lines: input.lines.map((line, i) => ({ ...line, depth: first.lines[i]!.price!.depth })) });
        return again.lines.every((line, i) => line.price!.linePrice === first.lines[i]!.price!.linePrice);
      }),
      { numRuns: 100_000 },
    );
  });
});
