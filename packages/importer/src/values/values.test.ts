import { toDecimal } from "@kava/contracts/money";
import fc from "fast-check";
import { expect, test } from "vitest";
import { momentReader } from "./readMoment.js";
import { readMoney } from "./readMoney.js";
import { Zone } from "./zone.js";

test.each([
  ["$18.00 ", ".", 1800],
  ["0.6", ".", 60],
  ["1,234.50", ".", 123_450],
  ["1.234,50 €", ",", 123_450],
  ["3,5", ",", 350],
  ["UAH 78", ".", 7800],
  ["1 234,50", ",", 123_450],
  ["2.555", ".", 256],
  ["-2.50", ".", -250],
  ["12.", ".", 1200],
] as const)("%j with decimal %j is %i minor units", (text, decimal, minor) => expect(readMoney(text, 2, decimal)).toBe(minor));

test.each(["", "x18", "3b3", "1,2,3", "1.2.3", "--2", "$", "1,23", "12,345.6.7"])("%j is no amount", (text) =>
  expect(readMoney(text, 2)).toBeNull(),
);

test("every amount that is written as the graph writes it is read back", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
      fc.integer({ min: 0, max: 4 }),
      (minor, digits) => readMoney(toDecimal(minor, digits), digits) === minor,
    ),
  );
});

test("a date is read by its format, and a day that does not exist is none", () => {
  const read = momentReader("d/M/yyyy H:mm:ss");
  expect(read("01/04/2019 9:22:18")).toEqual({ ms: Date.UTC(2019, 3, 1, 9, 22, 18), zoned: false });
  for (const wrong of ["x01/04/2019 9:22:18", "01/04/2019", "31/02/2019 9:22:18", "01/13/2019 9:22:18", "01/04/2019 24:00:00"])
    expect(read(wrong)).toBeNull();
  expect(momentReader("MM/dd/yy h:mm a")("04/01/19 12:05 PM")?.ms).toBe(Date.UTC(2019, 3, 1, 12, 5));
  expect(() => momentReader("H:mm")).toThrow("names no day");
});

test("ISO dates are read with and without a zone", () => {
  const read = momentReader("iso");
  expect(read("2010-12-01T08:26:00.000Z")).toEqual({ ms: Date.UTC(2010, 11, 1, 8, 26), zoned: true });
  expect(read("2010-12-01 08:26+02:00")?.ms).toBe(Date.UTC(2010, 11, 1, 6, 26));
  expect(read("2010-12-01")).toEqual({ ms: Date.UTC(2010, 11, 1), zoned: false });
  expect(read("1.12.2010")).toBeNull();
});

test("the wall clock of a place is read in winter, in summer, and in the hour that a change skips or repeats", () => {
  const kyiv = new Zone("Europe/Kyiv");
  const at = (instant: string): number => Date.parse(instant);
  expect(kyiv.instantOf(at("2026-01-15T10:00:00Z"))).toBe(at("2026-01-15T08:00:00Z"));
  expect(kyiv.instantOf(at("2026-07-15T10:00:00Z"))).toBe(at("2026-07-15T07:00:00Z"));
  expect(kyiv.wallAt(kyiv.instantOf(at("2026-03-29T03:30:00Z")))).toBe(at("2026-03-29T04:30:00Z"));
  expect([at("2026-10-25T00:30:00Z"), at("2026-10-25T01:30:00Z")]).toContain(kyiv.instantOf(at("2026-10-25T03:30:00Z")));
  expect(() => new Zone("Mars/Base")).toThrow('no time zone "Mars/Base"');
});

test("an instant and its wall clock lead to each other, but for the hour that is there twice", () => {
  const zone = new Zone("America/New_York");
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2030, 0, 1) }), (instant) => {
      const back = zone.instantOf(zone.wallAt(instant));
      return back === instant || zone.wallAt(back) === zone.wallAt(instant);
    }),
  );
});
