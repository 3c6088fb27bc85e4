import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { localDay } from "./localDay.js";
import { mineRules } from "@kava/algorithms/preference/mineRules";
import { learnTastes } from "./learnTastes.js";
import { packRanked, unpackRanked } from "./rankedLists.js";
import { contextOf, netOf } from "./purchaseFact.js";
import { Shelf, tasteMatching } from "./shelf.js";
import { shown } from "./recommendation.js";

describe("the chain's day", () => {
  test("is that of its time zone at every moment, also where clocks change", () => {
    const zones = ["Europe/Kyiv", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "America/Sao_Paulo"];
    const formats = new Map(
      zones.map((timeZone) => [
        timeZone,
        new Intl.DateTimeFormat("sv-SE", {
          timeZone,
          year: "numeric",
          month: "2-digit",
          day: "2-digit",
          hour: "2-digit",
          hourCycle: "h23",
        }),
      ]),
    );
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: Date.UTC(1995, 0, 1), max: Date.UTC(2035, 0, 1) }), (timeZone, at) => {
        const { day, hour } = localDay(at, timeZone);
        expect(`${day} ${String(hour).padStart(2, "0")}`).toBe(formats.get(timeZone)!.format(at));
      }),
      // St John's changed to summer time at one minute past midnight, until 2011
      { numRuns: 3_000, examples: [["America/St_Johns", 1_112_499_060_000]] },
    );
  });
});

describe("a sale", () => {
  test("keeps the cost of its whole line as known at the time, and none for an item that is unknown", () => {
    const sale = {
      purchaseId: "x",
      customerId: null,
      venueId: null,
      at: "2026-03-10T22:00:00Z",
      lines: [
        { itemId: "a", quantity: 3, unitPriceMinor: 100, paidMinor: 240 },
        { itemId: "b", quantity: 1, unitPriceMinor: 10, paidMinor: 10 },
      ],
    };
    expect(
      contextOf(sale, new Map([["a", { category: "tea", costMinor: 20 }]]), {
        timeZone: "Europe/Kyiv",
        tax: { mode: "inclusive", rate: 0.2 },
      }),
    ).toEqual({
      day: "2026-03-11",
      hour: 0,
      lines: [
        { category: "tea", netMinor: 200, costMinor: 60 },
        { category: "", netMinor: 8, costMinor: null },
      ],
    });
    expect(netOf(240, { mode: "exclusive", rate: 0.2 })).toBe(240);
  });
});

describe("learning", () => {
  test("doubles the support where there would be too many itemsets, instead of failing", () => {
    const wide = Array.from({ length: 12 }, () => Array.from({ length: 20 }, (_, item) => item)); // 2^20 sets
    const ends = [...wide, ...Array.from({ length: 200 }, (_, i) => [i % 20, (i + 1) % 20])];
    expect(() => mineRules(ends, 20)).not.toThrow();
  });

  test("leaves out what the menu does not know, and works on nothing at all", () => {
    const model = learnTastes(
      {
        baskets: [["a", "gone"], ["a"], ["gone"]].map((itemIds, at) => ({ customer: 0, itemIds, at })),
        customers: [
          {
            history: [
              ["a", 2],
              ["gone", 1],
            ],
            basketCount: 2,
          },
        ],
      },
      ["a", "b"],
    );
    expect(model).toMatchObject({ items: ["a", "b"], popularity: [1, 0], holders: [1, 0] });
    expect(learnTastes({ baskets: [], customers: [] }, [])).toMatchObject({ rules: [], popularity: [] });
  });

  test("lists survive being packed into flat arrays", () => {
    const ranked = fc.record({
      item: fc.nat(500),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
      because: fc.oneof(
        fc.record({ code: fc.constantFrom("popular" as const, "yourFavourite" as const) }),
        fc.record({ code: fc.constantFrom("oftenBoughtWith" as const, "customersLikeYou" as const), item: fc.nat(500) }),
      ),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.uuid(), fc.array(ranked, { maxLength: 5 })), { maxLength: 6 }), (lists) => {
        const packed = packRanked(lists);
        expect(packed.customerIds.map((id, place) => [id, unpackRanked(packed, place)])).toEqual(lists);
      }),
    );
  });
});

describe("what is shown", () => {
  const item = (id: string, change: object = {}) => ({
    id,
    name: id,
    category: "drinks",
    retired: false,
    unavailableVenueIds: [] as string[],
    ...change,
  });
  const of = (itemId: string) => ({ itemId, score: 0.5, because: { code: "popular" as const, params: {} } });
  const shelf = new Shelf(
    [
      item("a"),
      item("b", { retired: true }),
      item("c", { unavailableVenueIds: ["home"] }),
      item("d", { unavailableVenueIds: ["home", "other"] }),
      item("e", { category: "Tea" }),
    ],
    ["home", "other"],
  );

  test("never holds an item twice, a retired or unknown one, or one that the customer's own venue does not have", () => {
    const list = [of("a"), of("b"), of("c"), of("d"), of("unknown"), of("a")];
    const idsFor = (homeVenueId: string | null) =>
      shown(list, [of("a"), of("e")], shelf, { homeVenueId, tastes: [] }, 10).map((each) => each.itemId);
    expect(idsFor("home")).toEqual(["a", "e"]);
    expect(idsFor("other")).toEqual(["a", "c", "e"]);
    expect(idsFor(null)).toEqual(["a", "c", "e"]);
  });

  test("puts declared tastes first for who has no list yet", () => {
    expect(shown(undefined, [of("a"), of("e")], shelf, { homeVenueId: null, tastes: ["tea"] }, 1)).toEqual([
      { itemId: "e", score: 0.5, because: { code: "matchesTaste", params: { taste: "tea" } } },
    ]);
    expect(tasteMatching({ name: "Oat flat white", category: "Coffee" }, ["oat", "x"])).toBe("oat");
    expect(tasteMatching({ name: "Oats", category: "Bowls" }, ["oat"])).toBeUndefined();
  });
});
