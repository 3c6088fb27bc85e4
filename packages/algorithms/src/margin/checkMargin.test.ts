import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { checkMargin, isCheckedPrice, type CheckedPrice, type MarginInput, type PriceReduction, type Tax } from "./checkMargin.js";

const EUR = { code: "EUR", minorDigits: 2 };
const cappuccino: MarginInput = {
  listPrice: 450,
  cost: 150,
  floor: 0.35,
  ceiling: 40,
  quantity: 1,
  depth: 20,
  tax: { mode: "none" },
  currency: EUR,
};

/** Rates are thousandths, so that the test can judge with integers of its own. */
const thousandths = fc.integer({ min: 0, max: 1000 });
const amounts = fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 1_000_000_000 }));
const taxes: fc.Arbitrary<Tax> = fc.oneof(
  fc.constant<Tax>({ mode: "none" }),
  fc.record({ mode: fc.constantFrom("inclusive", "exclusive"), rate: fc.integer({ min: 0, max: 300 }).map((t) => t / 1000) }),
);
const promotions: fc.Arbitrary<PriceReduction[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("percentage" as const), percent: fc.integer({ min: 0, max: 600 }).map((t) => t / 10) }),
    fc.record({ kind: fc.constant("amount" as const), amount: fc.integer({ min: 0, max: 200 }) }),
  ),
  { maxLength: 3 },
);
const inputs: fc.Arbitrary<MarginInput> = fc
  .record({
    listPrice: amounts,
    costShare: fc.integer({ min: 0, max: 1200 }),
    floor: thousandths,
    ceiling: thousandths,
    promotions,
    tax: taxes,
    quantity: fc.integer({ min: 1, max: 50 }),
    depth: fc.integer({ min: 0, max: 1_000_000 }),
  })
  .map(({ costShare, ...rest }) => ({
    ...rest,
    cost: Math.floor((rest.listPrice * costShare) / 1000),
    floor: rest.floor / 1000,
    ceiling: rest.ceiling / 10,
    depth: rest.depth / 10_000,
    currency: EUR,
  }));

/** price / (1 + tax inside) × (1 − floor) ≥ cost, in integers. */
function holds(price: number, input: MarginInput): boolean {
  const inside = input.tax.mode === "inclusive" ? Math.round(input.tax.rate * 1000) : 0;
  const keep = 1000 - Math.round(input.floor * 1000);
  return BigInt(price) * BigInt(keep) >= BigInt(input.cost ?? 0) * BigInt(1000 + inside);
}

function priceOf(input: MarginInput): CheckedPrice {
  const { price } = checkMargin(input);
  if (price === null) throw new Error(`no price for ${JSON.stringify(input)}`);
  return price;
}

describe("a wanted depth", () => {
  test("within floor and ceiling is accepted as it is", () => {
    expect(checkMargin(cappuccino)).toMatchObject({
      kind: "accepted",
      price: { unitPrice: 360, linePrice: 360, depth: 20, listPrice: 450 },
    });
  });

  test("rounds the price up to the minor unit", () => {
    expect(priceOf({ ...cappuccino, listPrice: 333, depth: 10 }).unitPrice).toBe(300);
    expect(priceOf({ ...cappuccino, listPrice: 1000, cost: 0, floor: 0, depth: 30 }).unitPrice).toBe(700);
  });

  test("beyond the ceiling is corrected to the ceiling", () => {
    expect(checkMargin({ ...cappuccino, cost: 10, depth: 55 })).toMatchObject({
      kind: "corrected",
      bound: "ceiling",
      price: { unitPrice: 270, depth: 40 },
    });
  });

  test("beyond the floor is corrected to the deepest price that holds it", () => {
    // 200 / (1 − 0.35) = 307.7
    expect(checkMargin({ ...cappuccino, cost: 200, depth: 40 })).toMatchObject({
      kind: "corrected",
      bound: "floor",
      price: { unitPrice: 308 },
    });
  });

  test("with a tax inside the price follows d ≤ 1 − C (1 + t) / ((1 − m) P)", () => {
    const verdict = checkMargin({ ...cappuccino, listPrice: 600, cost: 250, depth: 40, tax: { mode: "inclusive", rate: 0.2 } });
    const deepest = 100 * (1 - (250 * 1.2) / (0.65 * 600));
    expect(verdict).toMatchObject({ kind: "corrected", bound: "floor", price: { unitPrice: Math.ceil(600 * (1 - deepest / 100)) } });
    expect(verdict.price?.depth).toBeLessThanOrEqual(deepest);
    expect(priceOf({ ...cappuccino, listPrice: 600, cost: 250, depth: 30, tax: { mode: "exclusive", rate: 0.2 } }).unitPrice).toBe(420);
  });

  test("comes after the promotions, percentages before amounts, and shares the ceiling with them", () => {
    const promoted: MarginInput = {
      ...cappuccino,
      listPrice: 1000,
      cost: 100,
      promotions: [
        { kind: "amount", amount: 100 },
        { kind: "percentage", percent: 10 },
      ],
      depth: 10,
    };
    expect(checkMargin(promoted)).toMatchObject({ kind: "accepted", price: { promotionPrice: 800, unitPrice: 720, totalDepth: 28 } });
    expect(checkMargin({ ...promoted, depth: 30 })).toMatchObject({
      kind: "corrected",
      bound: "ceiling",
      price: { unitPrice: 600, depth: 25, totalDepth: 40 },
    });
    const halfPrice: MarginInput = { ...promoted, promotions: [{ kind: "percentage", percent: 50 }] };
    expect(checkMargin(halfPrice)).toMatchObject({ kind: "corrected", bound: "ceiling", price: { unitPrice: 500, depth: 0 } });
  });
});

describe("a reduction is refused, at list price, when", () => {
  test("the cost is unknown", () => {
    expect(checkMargin({ ...cappuccino, cost: null })).toMatchObject({
      kind: "refused",
      reason: "costUnknown",
      price: { unitPrice: 450, depth: 0 },
    });
  });
  test("the list price itself is under the floor", () => {
    expect(checkMargin({ ...cappuccino, cost: 300 })).toMatchObject({
      kind: "refused",
      reason: "listBelowFloor",
      price: { unitPrice: 450 },
    });
  });
  test("the promotions alone break the floor", () => {
    const input: MarginInput = { ...cappuccino, promotions: [{ kind: "percentage", percent: 60 }], depth: 0 };
    expect(checkMargin(input)).toMatchObject({ kind: "refused", reason: "promotionsBelowFloor", price: { unitPrice: 450 } });
  });
  test.each<[string, Partial<MarginInput>]>([
    ["a negative depth", { depth: -1 }],
    ["a depth above 100", { depth: 100.1 }],
    ["a depth that is no number", { depth: NaN }],
    ["a floor given in percent", { floor: 35 }],
    ["a negative cost", { cost: -1 }],
    ["a broken cost", { cost: 1.5 }],
    ["an infinite tax", { tax: { mode: "inclusive", rate: Infinity } }],
    ["a promotion that raises the price", { promotions: [{ kind: "amount", amount: -5 }] }],
  ])("%s is given", (_, wrong) => {
    expect(checkMargin({ ...cappuccino, ...wrong })).toMatchObject({ kind: "refused", reason: "invalidInput", price: { unitPrice: 450 } });
  });
  test.each<[string, Partial<MarginInput>]>([
    ["list price", { listPrice: -450 }],
    ["quantity", { quantity: 0 }],
    ["line price", { listPrice: Number.MAX_SAFE_INTEGER, quantity: 2 }],
    ["currency", { currency: { code: "euro", minorDigits: 2 } }],
  ])("an unusable %s leaves no price at all", (_, wrong) => {
    expect(checkMargin({ ...cappuccino, ...wrong })).toMatchObject({ kind: "refused", reason: "invalidInput", price: null });
  });
});

describe("over 100,000 random lines", { timeout: 300_000 }, () => {
  test("no discounted line is under its floor or over its list price, and the price follows from the depth", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const verdict = checkMargin(input);
        const price = verdict.price!;
        if (price.unitPrice > input.listPrice || price.linePrice !== price.unitPrice * input.quantity) return false;
        if (price.unitPrice < input.listPrice && !holds(price.unitPrice, input)) return false;
        return verdict.kind === "refused"
          ? price.unitPrice === input.listPrice
          : price.depth <= input.depth && price.depth <= input.ceiling;
      }),
      { numRuns: 100_000 },
    );
  });

  test("a price corrected by the floor is the deepest: one minor unit less would break it", () => {
    let bound = 0;
    fc.assert(
      fc.property(inputs, (input) => {
        const verdict = checkMargin(input);
        if (verdict.kind !== "corrected" || verdict.bound !== "floor") return true;
        bound++;
        return holds(verdict.price.unitPrice, input) && !holds(verdict.price.unitPrice - 1, input);
      }),
      { numRuns: 100_000 },
    );
    expect(bound).toBeGreaterThan(5_000);
  });

  test("a higher cost never gives a deeper discount", () => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 0, max: 500 }), (input, more) => {
        return priceOf(input).unitPrice <= priceOf({ ...input, cost: (input.cost ?? 0) + more }).unitPrice;
      }),
      { numRuns: 100_000 },
    );
  });

  test("checking the depth of a verdict again accepts the same price", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const first = checkMargin(input);
        const again = checkMargin({ ...input, depth: first.price!.depth });
        return (
          again.price!.unitPrice === first.price!.unitPrice &&
          (first.kind === "refused" ? again.kind === "refused" : again.kind === "accepted")
        );
      }),
      { numRuns: 100_000 },
    );
  });

  test("rubbish of any size gives a verdict, and every price in it is a whole, safe number", () => {
    const rubbish = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.constantFrom(NaN, Infinity, -Infinity, -0, 1e308, Number.MAX_SAFE_INTEGER, 2 ** 53),
      amounts,
    );
    const anything: fc.Arbitrary<MarginInput> = fc.record({
      listPrice: rubbish,
      cost: fc.option(rubbish),
      floor: fc.oneof(rubbish, fc.double({ min: 0, max: 1, noNaN: true })),
      ceiling: fc.oneof(rubbish, fc.double({ min: 0, max: 100, noNaN: true })),
      quantity: fc.oneof(rubbish, fc.constant(1)),
      depth: fc.oneof(rubbish, fc.double({ min: 0, max: 100, noNaN: true })),
      promotions: fc.array(
        fc.oneof(
          fc.record({ kind: fc.constant("percentage" as const), percent: rubbish }),
          fc.record({ kind: fc.constant("amount" as const), amount: rubbish }),
        ),
        { maxLength: 40 },
      ),
      tax: fc.oneof(fc.constant<Tax>({ mode: "none" }), fc.record({ mode: fc.constantFrom("inclusive", "exclusive"), rate: rubbish })),
      currency: fc.record({ code: fc.constantFrom("EUR", ""), minorDigits: fc.oneof(rubbish, fc.constant(2)) }),
    });
    fc.assert(
      fc.property(anything, (input) => {
        const { price } = checkMargin(input);
        return (
          price === null ||
          [price.unitPrice, price.linePrice, price.promotionPrice].every((amount) => Number.isSafeInteger(amount) && amount >= 0)
        );
      }),
      { numRuns: 100_000 },
    );
  });
});

describe("a checked price", () => {
  test("comes out of a verdict only", () => {
    const price = priceOf(cappuccino);
    expect(isCheckedPrice(price)).toBe(true);
    expect(isCheckedPrice(JSON.parse(JSON.stringify(price)))).toBe(false);
    expect(Object.isFrozen(price)).toBe(true);
    expectTypeOf<Omit<CheckedPrice, never>>().not.toExtend<CheckedPrice>();
  });

  test.each(["mintPrice", "judgeLine"])("%s, which makes one, is out of reach of other packages", async (file) => {
    await expect(import(`@kava/algorithms/margin/${file}`)).rejects.toThrow(file);
  });
});
