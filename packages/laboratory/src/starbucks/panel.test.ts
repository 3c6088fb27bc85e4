import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FEATURES, type Panel, panelOf } from "./panel.js";
import { readStarbucks } from "./readStarbucks.js";

const folder = fileURLToPath(new URL("../../../../../shared/data/starbucks/", import.meta.url));
const present = existsSync(folder);
const needs = present ? "" : " (skipped: ../shared/data/starbucks is not there)";

/** Of each column: rows without a value, the sum of the others, and their sum weighed by the hour of the wave; by an independent program. */
const KNOWN: readonly (readonly [missing: number, sum: number, weighed: number])[] = [
  [13050, 4838304, 1606316928],
  [13050, 5817774000, 1931500968000],
  [0, 52881888, 17556786816],
  [0, 13050, 4332600],
  [0, 36774, 12208968],
  [0, 50904, 16900128],
  [0, 351248, 160137120],
  [0, 4029262.7, 1837779039.84],
  [28115, 903941.484534, 375997638.676389],
  [0, 144535.585784, 59009664],
  [0, 1656862.2, 676916133.6],
  [28115, 5959530, 2512636848],
  [0, 190319, 88338768],
  [0, 144684, 66859824],
  [0, 75039, 35060448],
  [22829, 60945.566667, 24941818.4],
  [22829, 30880.016667, 12835193.6],
  [0, 43297, 20429112],
];

describe.skipIf(!present)(`the Starbucks records, prepared${needs}`, { timeout: 120_000 }, () => {
  let panel: Panel;
  beforeAll(() => {
    panel = panelOf(readStarbucks(folder));
  });

  test("every feature sums to what an independent program finds", () => {
    expect(panel.features.rows).toBe(102_000);
    KNOWN.forEach(([missing, sum, weighed], column) => {
      const found = { name: FEATURES[column], missing: 0, sum: 0, weighed: 0 };
      panel.waves.forEach((wave, row) => {
        const value = panel.features.values[row * FEATURES.length + column]!;
        if (Number.isNaN(value)) found.missing++;
        else [found.sum, found.weighed] = [found.sum + value, found.weighed + value * wave];
      });
      expect(found).toEqual({
        name: found.name,
        missing,
        sum: expect.closeTo(sum, 3),
        weighed: expect.closeTo(weighed, 2),
      });
    });
  });

  test("so do arms, completions and margins", () => {
    const total = (numbers: ArrayLike<number>) => Array.from(numbers).reduce((sum, x) => sum + x, 0);
    expect(total(panel.completed)).toBe(33_101);
    expect(total(panel.viewedThenCompleted)).toBe(23_267);
    expect(total(panel.arms.map((arm, row) => (arm - 1) * panel.waves[row]!))).toBe(105_540_432);
    expect(total(panel.margins)).toBeCloseTo(984_507.036, 3);
    expect(total(panel.margins.map((margin, row) => margin * panel.waves[row]!))).toBeCloseTo(343_757_673.744, 2);
  });
});

describe("records of one customer", () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), "kava-starbucks-"));
  });
  afterAll(() => rmSync(home, { recursive: true }));

  const offer = (id: string, duration: number) => ({ id, offer_type: "bogo", reward: 5, difficulty: 5, duration, channels: ["web"] });
  const event = (event: string, time: number, value: object) => ({ person: "p", event, time, value });
  const customer = { id: "p", age: 118, income: null, gender: null, became_member_on: "20180717" };
  const write = (name: string, lines: readonly object[]) =>
    writeFileSync(join(home, name), gzipSync(lines.map((line) => JSON.stringify(line)).join("\n")));
  const given = (events: readonly object[]) => {
    write("portfolio.json.gz", [offer("a", 7), offer("b", 10)]);
    write("profile.json.gz", [customer]);
    write("transcript.json.gz", events);
  };

  test("become rows whose features end where the wave begins", () => {
    given([
      event("offer received", 0, { "offer id": "b" }),
      event("offer viewed", 6, { "offer id": "b" }),
      event("transaction", 12, { amount: 100 }),
      event("offer completed", 12, { offer_id: "b", reward: 5 }),
      event("offer received", 168, { "offer id": "a" }),
      event("transaction", 168, { amount: 10 }),
      event("offer completed", 306, { offer_id: "a", reward: 5 }),
      event("offer viewed", 307, { "offer id": "a" }),
      event("transaction", 307, { amount: 30 }),
    ]);
    const { features, arms, margins, completed, viewedThenCompleted } = panelOf(readStarbucks(home));
    const row = (wave: number) => [...features.values.subarray(wave * 18, (wave + 1) * 18)];
    expect(row(0)).toEqual([NaN, NaN, 10, 1, 0, 0, 0, 0, NaN, 0, 0, NaN, 0, 0, 0, NaN, NaN, 0]);
    expect(row(1)).toEqual([NaN, NaN, 10, 1, 0, 0, 1, 60, 60, 1, 60, 156, 1, 1, 1, 1, 1, 1]);
    expect([...arms]).toEqual([2, 1, 0, 0, 0, 0]);
    expect([margins[0], margins[1], margins[2]]).toEqual([36 - 5, 6 - 5, 0]);
    expect([...completed]).toEqual([1, 1, 0, 0, 0, 0]);
    expect([...viewedThenCompleted]).toEqual([1, 0, 0, 0, 0, 0]);
  });

  test("that do not fit together are refused by file and line", () => {
    given([event("transaction", 0, { amount: 1 }), { ...event("transaction", 0, { amount: 1 }), person: "q" }]);
    expect(() => readStarbucks(home)).toThrow(/transcript.json, line 2: the person q/);
    given([event("offer viewed", 0, { "offer id": "z" })]);
    expect(() => readStarbucks(home)).toThrow(/line 1: the offer z/);
    given([event("offer lost", 0, {})]);
    expect(() => readStarbucks(home)).toThrow(/transcript.json, line 1: .*/);
    writeFileSync(join(home, "transcript.json.gz"), gzipSync("{"));
    expect(() => readStarbucks(home)).toThrow(/line 1 is not JSON/);
    rmSync(join(home, "transcript.json.gz"));
    expect(() => readStarbucks(home)).toThrow(/no transcript.json or transcript.json.gz/);
  });
});
