import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Mapping } from "../mapping/mapping.js";
import { chooseTenant, factsFor, makeDefault } from "./chooseTenant.js";
import { keptShift, shiftBy } from "./shift.js";

const DAY = 86_400_000;
const HOUR = 3_600_000;
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "kava-import-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test("moved records end today, none is in the future, and their order stays", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 400 * DAY }), { minLength: 1, maxLength: 50 }),
      fc.integer({ min: 800 * DAY, max: 801 * DAY - 1 }),
      (walls, now) => {
        const last = Math.max(...walls);
        const shift = shiftBy({ days: 800 - Math.floor(last / DAY), lastWall: last, nowWall: now });
        const moved = walls.toSorted((a, b) => a - b).map((wall) => shift.move(wall));
        expect(Math.floor(moved.at(-1)! / DAY)).toBe(800);
        expect(moved.at(-1)).toBeLessThanOrEqual(now);
        expect(moved).toEqual(moved.toSorted((a, b) => a - b));
        const earlier = walls.filter((wall) => Math.floor(wall / DAY) < Math.floor(last / DAY));
        expect(earlier.map((wall) => shift.move(wall) % DAY)).toEqual(earlier.map((wall) => wall % DAY));
      },
    ),
  );
});

test("the same records imported again another day are moved as they were", () => {
  const file = join(home, "imports/chain.json");
  expect(keptShift(file, 10 * DAY, 100 * DAY)).toMatchObject({ kept: false, shift: { days: 90 } });
  expect(keptShift(file, 10 * DAY, 103 * DAY)).toMatchObject({ kept: true, shift: { days: 90 } });
  expect(keptShift(file, 20 * DAY, 103 * DAY)).toMatchObject({ kept: false, shift: { days: 83 } });
});

test.each([
  ["later the same day", 4 * HOUR],
  ["the next day, earlier by the clock", 23 * HOUR],
  ["a week later", 7 * DAY + 5 * HOUR],
])("receipts imported again %s keep the moments that they got, those of the squeezed last day too", (_, later) => {
  const file = join(home, "imports/chain.json");
  const ten = 800 * DAY + 10 * HOUR;
  const walls = [3 * DAY + 20 * HOUR, 9 * DAY + 7 * HOUR, 9 * DAY + 15 * HOUR, 9 * DAY + 21 * HOUR];
  const last = walls.at(-1)!;
  const first = walls.map(keptShift(file, last, ten).shift.move);
  expect(first.at(-1)).toBe(ten);
  const again = keptShift(file, last, ten + later);
  expect(again.kept).toBe(true);
  expect(walls.map(again.shift.move)).toEqual(first);
  if (later < DAY) return;
  const grown = keptShift(file, last + 8 * HOUR, ten + later);
  expect(walls.map(grown.shift.move), "records that have grown since").toEqual(first);
});

test("a kept file that does not say when the last day was drawn together is replaced", () => {
  const file = join(home, "chain.json");
  writeFileSync(file, '{"days":90}\n');
  expect(keptShift(file, 10 * DAY, 103 * DAY)).toMatchObject({ kept: false, shift: { days: 93 } });
});

test("records go to the tenant that is asked for, else to the installation's own", () => {
  const mapping = Mapping.parse({ tenant: { slug: "north" } });
  expect(chooseTenant(home, "south", mapping, undefined)).toEqual({ slug: "south", becomesDefault: false });
  expect(chooseTenant(home, undefined, mapping, undefined)).toEqual({ slug: "kava", becomesDefault: false });
  expect(() => chooseTenant(home, "No Such", mapping, undefined)).toThrow("lower-case letters");
});

test("real records do not go among the demo's invented ones: they get a tenant of their own, which later imports mean too", () => {
  writeFileSync(
    join(home, "demo.json"),
    JSON.stringify({ seed: 42, endAt: "2026-11-22T00:00:00.000Z", days: 182, customers: 2_000, state: "loaded" }),
  );
  expect(chooseTenant(home, undefined, Mapping.parse({ tenant: { slug: "north" } }), "maps/other.yaml")).toEqual({
    slug: "north",
    becomesDefault: true,
  });
  expect(chooseTenant(home, undefined, Mapping.parse({}), "maps/Our Chain.yaml")).toEqual({ slug: "our-chain", becomesDefault: true });
  expect(chooseTenant(home, undefined, Mapping.parse({}), undefined)).toEqual({ slug: "my-chain", becomesDefault: true });
  makeDefault(home, "north");
  expect(chooseTenant(home, undefined, Mapping.parse({}), undefined)).toEqual({ slug: "north", becomesDefault: false });
});

test("a mapping changes only the facts that it names, and never the short name that was chosen", () => {
  const existing = factsFor(
    "north",
    Mapping.parse({ tenant: { slug: "other", currency: "USD", timeZone: "America/New_York" } }),
    undefined,
  );
  expect(existing).toMatchObject({ slug: "north", name: "north", currency: "USD", floor: 0.35, ceiling: 40 });
  expect(factsFor("north", Mapping.parse({ tenant: { name: "North" } }), { ...existing, floor: 0.5 })).toMatchObject({
    name: "North",
    currency: "USD",
    floor: 0.5,
  });
});
