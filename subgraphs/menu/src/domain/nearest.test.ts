import fc from "fast-check";
import { expect, test } from "vitest";
import { angleBetween, candidateCount, cellOf, metersBetween, nearest, placeProblem, type Place } from "./nearest.js";

const place = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
});

test("known ways: Lviv to Kyiv, a quarter of the equator, from pole to pole", () => {
  const km = (a: Place, b: Place) => Math.round(metersBetween(a, b) / 1000);
  expect(km({ latitude: 49.8397, longitude: 24.0297 }, { latitude: 50.4501, longitude: 30.5234 })).toBe(468);
  expect(km({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 90 })).toBe(10_008);
  expect(km({ latitude: 90, longitude: 0 }, { latitude: -90, longitude: 77 })).toBe(20_015);
});

test("a way is the same there and back, and none to the place itself, also across the date line", () => {
  fc.assert(
    fc.property(place, place, (a, b) => {
      expect(metersBetween(a, a)).toBe(0);
      expect(metersBetween(a, b)).toBeCloseTo(metersBetween(b, a), 5);
      expect(metersBetween({ ...a, longitude: -180 }, { ...a, longitude: 180 })).toBeCloseTo(0, 5);
    }),
  );
});

test("no point of a cell is farther from its centre than the cell's radius", () => {
  fc.assert(
    fc.property(place, (from) => {
      const cell = cellOf(from);
      expect(angleBetween(cell.centre, from)).toBeLessThanOrEqual(cell.radius * (1 + 1e-9) + 1e-12);
    }),
    { numRuns: 2_000 },
  );
});

test("the candidates of a cell hold the nearest of every point in it", () => {
  const around = (centre: Place, spread: number) =>
    fc
      .record({
        latitude: fc.double({ min: -spread, max: spread, noNaN: true }),
        longitude: fc.double({ min: -spread, max: spread, noNaN: true }),
      })
      .map(({ latitude, longitude }) => ({
        latitude: Math.max(-90, Math.min(90, centre.latitude + latitude)),
        longitude: ((centre.longitude + longitude + 540) % 360) - 180,
      }));
  const scene = fc.tuple(place, fc.constantFrom(0.001, 0.01, 0.1, 30)).chain(([centre, spread]) =>
    fc.record({
      from: around(centre, 0.002),
      venues: fc.array(around(centre, spread), { minLength: 1, maxLength: 60 }),
      first: fc.integer({ min: 1, max: 12 }),
    }),
  );
  fc.assert(
    fc.property(scene, ({ from, venues, first }) => {
      const named = venues.map((venue, i) => ({ ...venue, id: String(i).padStart(3, "0") }));
      const { centre, radius } = cellOf(from);
      const ways = named.map((venue) => angleBetween(centre, venue)).sort((a, b) => a - b);
      const reach = ways[Math.min(candidateCount(first), ways.length) - 1]! + 2 * radius + 1e-9;
      const candidates = named.filter((venue) => angleBetween(centre, venue) <= reach);
      expect(nearest(candidates, from, first)).toEqual(nearest(named, from, first));
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  [91, 0],
  [-90.01, 0],
  [0, 181],
  [0, -180.5],
  [Number.NaN, 0],
  [0, Number.POSITIVE_INFINITY],
])("%d, %d is no place", (latitude, longitude) => {
  expect(placeProblem({ latitude, longitude })).toMatch(/must be from/);
});
