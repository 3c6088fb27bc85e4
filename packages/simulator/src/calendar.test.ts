import fc from "fast-check";
import { expect, test } from "vitest";
import { localCalendar } from "./calendar.js";
import { pick } from "./pick.js";
import { plainCalendar, seasonFactor } from "./season.js";

const calendar = localCalendar("Europe/Kyiv", new Date("2026-11-22T23:30:00Z"), 181); // already Monday the 23rd in Kyiv

test("the last day is the local day of the last instant", () => {
  expect(calendar.dateOf(181)).toBe("2026-11-23");
  expect(calendar.dayOfCalendar(181)).toEqual({ weekday: 0, dayOfYear: 326 });
  expect(calendar.dateOf(0)).toBe("2026-05-26");
});

test("eight in the morning is eight in the morning in summer and in winter time", () => {
  const at = (day: number) => new Date(calendar.instant(day, 8 * 60)).toISOString();
  expect(at(0)).toBe("2026-05-26T05:00:00.000Z");
  expect(at(181)).toBe("2026-11-23T06:00:00.000Z");
  expect(at(152)).toBe("2026-10-25T06:00:00.000Z"); // the night on which the clocks went back
});

test("every opening minute of every day lies in that day", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 7 * 60, max: 22 * 60 }), (day, minute) => {
      expect(calendar.dayOf(calendar.instant(day, minute))).toBe(day);
    }),
  );
});

test("an unknown time zone is named", () => {
  expect(() => localCalendar("Europe/Nowhere", new Date(0), 0)).toThrow(/Europe\/Nowhere/);
});

test("picking follows the weights", () => {
  const counts = [0, 0, 0];
  for (let i = 0; i < 1000; i++) counts[pick([1, 0, 3], i / 1000)]! += 1;
  expect(counts).toEqual([250, 0, 750]);
  expect(pick([9, 9, 1, 0, 3], 0.2, 2, 3)).toBe(0);
});

test("the season lifts weekdays over weekends and is the same whenever it is asked for", () => {
  const factors = Array.from({ length: 364 }, (_, day) => seasonFactor(5, day, plainCalendar(day)));
  const mean = (wanted: (day: number) => boolean) => {
    const own = factors.filter((_, day) => wanted(day));
    return own.reduce((sum, factor) => sum + factor, 0) / own.length;
  };
  expect(mean((day) => day % 7 < 5) / mean((day) => day % 7 >= 5)).toBeCloseTo(1.15 / 0.75, 1);
  expect(seasonFactor(5, 200, plainCalendar(200))).toBe(factors[200]);
});
