import type { RankingComparison } from "@kava/algorithms/preference/compareRankings";
import { uniformAt } from "@kava/algorithms/random";
import { describe, expect, test } from "vitest";
import { judgeTastes } from "./judgeTastes.js";
import { learnTastes, type Observed, type ObservedBasket } from "./learnTastes.js";
import { verdictOnTastes } from "./promotion.js";

const found = (change: Partial<RankingComparison> = {}): RankingComparison => ({
  customers: 300,
  lossInService: 5,
  loss: 4.9,
  gain: { mean: 0.1, low: 0.05, high: 0.15 },
  hitRateInService: 0.3,
  hitRate: 0.31,
  calibrationSlopeInService: 1,
  calibrationSlope: 1,
  ...change,
});
const judged = (change: Partial<RankingComparison> = {}) =>
  verdictOnTastes({ comparison: found(change), purchases: 6_000, inService: { purchases: 5_000 } });

describe("the verdict on a model of tastes", () => {
  test("is for it when it is no worse on later baskets and right in its chances", () => {
    expect(judged()).toEqual({ promoted: true, reasons: [] });
    expect(judged({ gain: { mean: 0, low: -0.049, high: 0.04 } }).promoted).toBe(true);
  });

  test("is against it when it may be worse, or alone is off in its chances", () => {
    expect(judged({ gain: { mean: 0, low: -0.06, high: 0.06 } })).toMatchObject({ promoted: false, reasons: [/may be worse/] });
    expect(judged({ calibrationSlope: 0.5 })).toMatchObject({ promoted: false, reasons: [/slope is 0.50/] });
    expect(judged({ calibrationSlope: 0.5, calibrationSlopeInService: 0.4 })).toMatchObject({ promoted: true, reasons: [/is not either/] });
  });

  test("is for the first, for what replaces a young one or knows far more, and otherwise waits for later baskets", () => {
    const unjudged = (purchases: number, known: number | null) =>
      verdictOnTastes({ comparison: null, purchases, inService: known === null ? null : { purchases: known } }).promoted;
    expect(unjudged(3, null)).toBe(true);
    expect(unjudged(400, 350)).toBe(true);
    expect(unjudged(9_000, 5_000)).toBe(true);
    expect(unjudged(5_100, 5_000)).toBe(false);
  });
});

describe("judging by what came later", () => {
  const MENU = ["espresso", "latte", "tea", "scone", "bagel", "cookie", "water", "muffin"];
  /** Half of the customers are coffee people, half tea people; from the day `turn` on everybody has a cookie with it. */
  const visits = (days: number, turn = Infinity): ObservedBasket[] =>
    Array.from({ length: days * 60 }, (_, at) => {
      const [day, customer] = [Math.floor(at / 60), at % 60];
      const coffee = customer % 2 === 0;
      const side = coffee ? "bagel" : "scone";
      return {
        customer,
        at: at + 1,
        itemIds: [
          coffee ? MENU[(customer >> 1) % 2]! : "tea",
          ...(uniformAt(1, at) < 0.3 ? [side] : []),
          ...(uniformAt(2, at) < 0.2 ? [uniformAt(3, at) < 0.5 ? "water" : "muffin"] : []),
          ...(day >= turn ? ["cookie"] : []),
        ],
      };
    });
  const observed = (baskets: ObservedBasket[]): Observed => ({
    baskets,
    customers: Array.from({ length: 60 }, (_, customer) => {
      const own = baskets.filter((basket) => basket.customer === customer);
      const had = (id: string) => own.filter(({ itemIds }) => itemIds.includes(id)).length;
      return { history: MENU.filter((id) => had(id) > 0).map((id) => [id, had(id)] as const), basketCount: own.length };
    }),
  });
  const through = (days: number) => days * 60;

  test("finds nothing to choose between a model and what is learned from the same", () => {
    const { comparison, shift } = judgeTastes(observed(visits(12)), MENU, {
      model: learnTastes(observed(visits(10)), MENU),
      through: through(10),
    });
    expect(comparison!.customers).toBe(60);
    expect(Math.abs(comparison!.gain.mean)).toBeLessThan(0.02 * comparison!.lossInService);
    expect(shift).toBeLessThan(0.1);
  });

  test("prefers what has seen customers come again to what has seen each once", () => {
    const old = { model: learnTastes(observed(visits(1)), MENU), through: through(12) };
    expect(judgeTastes(observed(visits(14)), MENU, old).comparison!.gain.low).toBeGreaterThan(0);
  });

  test("tells that what is bought has moved", () => {
    const old = { model: learnTastes(observed(visits(10, 9)), MENU), through: through(10) };
    expect(judgeTastes(observed(visits(14, 9)), MENU, old).shift).toBeGreaterThan(0.25);
  });

  test("says nothing where too few came again, and of an empty chain", () => {
    const model = learnTastes(observed(visits(3)), MENU);
    expect(judgeTastes(observed(visits(3)), MENU, { model, through: through(3) })).toEqual({ comparison: null, shift: null });
    const nothing = learnTastes({ baskets: [], customers: [] }, []);
    expect(judgeTastes({ baskets: [], customers: [] }, [], { model: nothing, through: 0 })).toEqual({ comparison: null, shift: null });
  });
});
