import fc from "fast-check";
import { expect, test } from "vitest";
import { isoWeek, localTime } from "./localTime.js";
import { promotionsInForce, reductionOf, type Promotion } from "./promotions.js";

const latte = { id: "latte", category: "Coffee" };
const promotion = (given: Partial<Promotion> = {}): Promotion => ({
  id: "p",
  name: "Happy hour",
  active: true,
  startsAt: new Date("2026-01-01T00:00:00Z"),
  endsAt: null,
  reduction: { percent: 20 },
  rule: {},
  ...given,
});
const runs = (given: Partial<Promotion>, at = "2026-11-22T15:30:00Z", venueId: string | null = null, timeZone = "UTC") =>
  promotionsInForce([promotion(given)], latte, { at: new Date(at), venueId, timeZone }).length === 1;

test("a promotion runs from its start until just before its end, and only while it is active", () => {
  const endsAt = new Date("2026-02-01T00:00:00Z");
  expect(runs({ endsAt }, "2026-01-01T00:00:00Z")).toBe(true);
  expect(runs({ endsAt }, "2025-12-31T23:59:59Z")).toBe(false);
  expect(runs({ endsAt }, "2026-02-01T00:00:00Z")).toBe(false);
  expect(runs({ active: false })).toBe(false);
});

test("a promotion of items or categories concerns those alone", () => {
  expect(runs({ rule: { itemIds: ["latte"] } })).toBe(true);
  expect(runs({ rule: { itemIds: ["tea"], categories: ["Coffee"] } })).toBe(true);
  expect(runs({ rule: { itemIds: ["tea"] } })).toBe(false);
});

test("a promotion of certain venues needs to know the venue", () => {
  expect(runs({ rule: { venueIds: ["v1"] } }, undefined, "v1")).toBe(true);
  expect(runs({ rule: { venueIds: ["v1"] } }, undefined, "v2")).toBe(false);
  expect(runs({ rule: { venueIds: ["v1"] } })).toBe(false);
});

test("weekdays and hours are those of the chain's own time zone", () => {
  const rule = { weekdays: [7], fromHour: 17, toHour: 19 }; // Sunday, five to seven
  expect(runs({ rule }, "2026-11-22T15:30:00Z", null, "Europe/Kyiv")).toBe(true); // 17:30 there
  expect(runs({ rule }, "2026-11-22T15:30:00Z", null, "UTC")).toBe(false);
  expect(runs({ rule }, "2026-11-22T17:00:00Z", null, "Europe/Kyiv")).toBe(false); // 19:00 is over
});

test("a promotion's reduction is a percentage or an amount", () => {
  expect(reductionOf({ reduction: { percent: 20 } })).toEqual({ kind: "percentage", percent: 20 });
  expect(reductionOf({ reduction: { amountMinor: 50 } })).toEqual({ kind: "amount", amount: 50 });
});

test("ISO weeks turn on Monday, and the days about New Year belong to the week of their Thursday", () => {
  expect(isoWeek(new Date("2026-11-22T12:00:00Z"), "UTC")).toBe("2026-W47");
  expect(isoWeek(new Date("2026-11-23T00:00:00Z"), "UTC")).toBe("2026-W48");
  expect(isoWeek(new Date("2026-11-22T23:00:00Z"), "Europe/Kyiv")).toBe("2026-W48");
  expect(isoWeek(new Date("2027-01-03T12:00:00Z"), "UTC")).toBe("2026-W53");
  expect(isoWeek(new Date("2024-12-30T12:00:00Z"), "UTC")).toBe("2025-W01");
});

test("seven days of one week share its name, whatever the year", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000 }), (weeks) => {
      const monday = Date.UTC(2001, 0, 1) + weeks * 7 * 86_400_000;
      const names = Array.from({ length: 8 }, (_, day) => isoWeek(new Date(monday + day * 86_400_000), "UTC"));
      expect(new Set(names.slice(0, 7)).size).toBe(1);
      expect(names[7]).not.toBe(names[0]);
    }),
  );
});

test("midnight is hour 0", () => {
  expect(localTime(new Date("2026-11-22T00:00:00Z"), "UTC")).toEqual({ year: 2026, month: 11, day: 22, hour: 0, weekday: 7 });
});
