import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { medianGapDays, profileAt } from "./customerProfile.js";
import { emptyState, RECENT, updateFeatures, type FeaturePurchase, type FeatureState } from "./featureState.js";
import { localHourAndWeekday } from "./localHourAndWeekday.js";

const DAY = 86_400_000;
const purchases: fc.Arbitrary<FeaturePurchase[]> = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 200 * DAY }),
    hour: fc.integer({ min: 0, max: 23 }),
    weekday: fc.integer({ min: 1, max: 7 }),
    lines: fc.array(
      fc.record({
        category: fc.constantFrom("coffee", "tea", "food", "__proto__"),
        quantity: fc.integer({ min: 1, max: 4 }),
        paidMinor: fc.integer({ min: 0, max: 2000 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    venue: fc.option(fc.constantFrom("north", "south")),
    channel: fc.option(fc.constantFrom("app", "till")),
  }),
  { maxLength: 40 },
);

const fold = (list: readonly FeaturePurchase[]): FeatureState => list.reduce(updateFeatures, emptyState());

/** The same facts, counted over the whole history at once. */
function batch(list: readonly FeaturePurchase[]) {
  const lines = list.flatMap((p) => p.lines);
  const total = (key: (p: FeaturePurchase) => string | null | undefined) => {
    const counts = new Map<string, number>();
    for (const name of list.map(key)) if (typeof name === "string") counts.set(name, (counts.get(name) ?? 0) + 1);
    return counts;
  };
  const spend = new Map<string, number>();
  for (const line of lines) spend.set(line.category, (spend.get(line.category) ?? 0) + line.paidMinor);
  const times = list.map((p) => p.at).sort((a, b) => b - a);
  return {
    purchaseCount: list.length,
    firstAt: times.at(-1) ?? null,
    lastAt: times[0] ?? null,
    totalMinor: lines.reduce((s, l) => s + l.paidMinor, 0),
    units: lines.reduce((s, l) => s + l.quantity, 0),
    recent: times.slice(0, RECENT),
    hours: Array.from({ length: 24 }, (_, h) => list.filter((p) => p.hour === h).length),
    weekdays: Array.from({ length: 7 }, (_, d) => list.filter((p) => p.weekday === d + 1).length),
    categories: spend,
    venues: total((p) => p.venue),
    channels: total((p) => p.channel),
  };
}

describe("features", () => {
  test("updated at each purchase are those of the whole history, in whatever order the purchases came", () => {
    fc.assert(
      fc.property(purchases, fc.integer(), (list, seed) => {
        const state = fold(list);
        const { version, categories, venues, channels, ...rest } = state;
        expect(version).toBe(1);
        expect({
          ...rest,
          categories: new Map(Object.entries(categories)),
          venues: new Map(Object.entries(venues)),
          channels: new Map(Object.entries(channels)),
        }).toEqual(batch(list));
        const shuffled = [...list].sort((a, b) => ((a.at * 31 + seed) % 17) - ((b.at * 31 + seed) % 17));
        expect(profileAt(fold(shuffled), 300 * DAY)).toEqual(profileAt(state, 300 * DAY));
      }),
      { numRuns: 500 },
    );
  });

  test("survive JSON", () => {
    fc.assert(
      fc.property(purchases, (list) => {
        expect(JSON.parse(JSON.stringify(fold(list)))).toEqual(fold(list));
      }),
      { numRuns: 200 },
    );
  });

  test("do not grow with the number of purchases", () => {
    const once: FeaturePurchase = {
      at: 0,
      hour: 8,
      weekday: 1,
      lines: [{ category: "coffee", quantity: 1, paidMinor: 300 }],
      venue: "north",
    };
    const size = (count: number) => JSON.stringify(fold(Array.from({ length: count }, (_, i) => ({ ...once, at: i * 1000 })))).length;
    expect(size(2000)).toBeLessThan(size(50) + 100);
  });

  test("leave the state they were given as it was", () => {
    const before = fold([{ at: 1, hour: 8, weekday: 1, lines: [] }]);
    const copy = structuredClone(before);
    updateFeatures(before, { at: 2, hour: 9, weekday: 2, lines: [{ category: "tea", quantity: 1, paidMinor: 5 }] });
    expect(before).toEqual(copy);
  });

  test.each([
    { at: NaN },
    { hour: 24 },
    { weekday: 0 },
    { lines: [{ category: "tea", quantity: -1, paidMinor: 3 }] },
    { lines: [{ category: "tea", quantity: 1, paidMinor: Infinity }] },
  ])("refuse a purchase with %j", (wrong) => {
    expect(() => updateFeatures(emptyState(), { at: 0, hour: 8, weekday: 1, lines: [], ...wrong })).toThrow(RangeError);
  });
});

describe("a profile", () => {
  const weekly: FeaturePurchase[] = [0, 7, 14, 22].map((day) => ({
    at: day * DAY,
    hour: 8,
    weekday: day === 22 ? 6 : 2,
    lines: [
      { category: "coffee", quantity: 1, paidMinor: 300 },
      { category: "food", quantity: 2, paidMinor: 100 },
    ],
    venue: "north",
  }));

  test("tells recency, frequency, order value, gap and shares in their units", () => {
    expect(profileAt(fold(weekly), 28 * DAY)).toEqual({
      purchaseCount: 4,
      recencyDays: 6,
      frequencyPerWeek: 1,
      medianGapDays: 7,
      averageOrderMinor: 400,
      basketSize: 3,
      dayParts: [1, 0, 0, 0],
      weekendShare: 0.25,
      categories: { coffee: 0.75, food: 0.25 },
      venues: { north: 1 },
      channels: {},
    });
  });

  test("has no gap after one purchase, and there is none before the first", () => {
    expect(medianGapDays(fold(weekly.slice(0, 1)))).toBeNull();
    expect(profileAt(fold(weekly.slice(0, 1)), 0)).toMatchObject({ recencyDays: 0, frequencyPerWeek: 1 });
    expect(profileAt(emptyState(), 0)).toBeNull();
  });
});

test("hour and weekday are those of the tenant's time zone, summer time included", () => {
  expect(localHourAndWeekday(Date.UTC(2026, 0, 4, 22, 30), "Europe/Kyiv")).toEqual({ hour: 0, weekday: 1 });
  expect(localHourAndWeekday(Date.UTC(2026, 6, 5, 20, 30), "Europe/Kyiv")).toEqual({ hour: 23, weekday: 7 });
  expect(localHourAndWeekday(Date.UTC(2026, 6, 5, 4, 0), "America/New_York")).toEqual({ hour: 0, weekday: 7 });
  expect(() => localHourAndWeekday(0, "Atlantis/Capital")).toThrow(RangeError);
});
