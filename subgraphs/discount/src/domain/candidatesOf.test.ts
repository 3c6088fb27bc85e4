import { expect, test } from "vitest";
import { candidatesOf, type Leanings, type OfferableItem } from "./candidatesOf.js";
import { MOST_CANDIDATES } from "./policy.js";
import { tasteShift } from "./tasteShift.js";

const item = (id: string, given: Partial<OfferableItem> = {}): [string, OfferableItem] => [
  id,
  { id, name: id, category: "Coffee", priceMinor: 400, costMinor: 100, retired: false, unavailableVenueIds: [], version: 1, ...given },
];
const nobody: Leanings = { liked: null, habits: [], tastes: [], purchaseCount: 0, popular: [] };
const moment = { at: new Date("2026-11-22T12:00:00Z"), venueId: "v1", timeZone: "UTC" };
const because = { code: "customersLikeYou" as const, params: {} };

test("learned tastes come first, then habits, then declared tastes, then what is popular; each item once", () => {
  const items = new Map([item("a"), item("b"), item("c", { category: "Cake" }), item("d")]);
  const found = candidatesOf(
    {
      liked: [{ itemId: "a", score: 0.4, because }],
      habits: [
        { itemId: "b", purchases: 2 },
        { itemId: "a", purchases: 6 },
      ],
      tastes: ["cake"],
      purchaseCount: 8,
      popular: [
        { itemId: "d", share: 0.3 },
        { itemId: "c", share: 0.1 },
      ],
    },
    items,
    [],
    moment,
  );
  expect(found.map(({ itemId, because: { code }, boughtCount }) => [itemId, code, boughtCount])).toEqual([
    ["a", "customersLikeYou", 6],
    ["b", "yourFavourite", 2],
    ["c", "matchesTaste", 0],
    ["d", "popular", 0],
  ]);
  expect(found.map((each) => Math.round(each.taste * 100))).toEqual([40, 20, 30, 30]);
});

test("retired items, unknown ones, and those that the customer's venue does not have are no candidates", () => {
  const items = new Map([
    item("retired", { retired: true }),
    item("elsewhere", { unavailableVenueIds: ["v1"] }),
    item("free", { priceMinor: 0 }),
    item("good"),
  ]);
  const popular = ["retired", "elsewhere", "free", "unknown", "good"].map((itemId) => ({ itemId, share: 0.1 }));
  expect(candidatesOf({ ...nobody, popular }, items, [], moment).map((each) => each.itemId)).toEqual(["good"]);
});

test("there are never more candidates than a decision considers", () => {
  const ids = Array.from({ length: 40 }, (_, i) => `item-${i}`);
  expect(
    candidatesOf({ ...nobody, popular: ids.map((itemId) => ({ itemId, share: 0.1 })) }, new Map(ids.map((id) => item(id))), [], moment),
  ).toHaveLength(MOST_CANDIDATES);
});

test("a taste has shifted by the greatest change of any score; what is new or gone counts in full", () => {
  expect(tasteShift([], [])).toBe(0);
  expect(tasteShift([{ itemId: "a", score: 0.3 }], [{ itemId: "a", score: 0.35 }])).toBeCloseTo(0.05);
  expect(tasteShift([{ itemId: "a", score: 0.3 }], [{ itemId: "b", score: 0.1 }])).toBeCloseTo(0.3);
});
