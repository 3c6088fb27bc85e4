import { createRandom } from "@kava/algorithms/random";
import { afterAll, describe, expect, test } from "vitest";
import { faultsOf, TryFolder } from "../tryEvaluate.js";

const folder = new TryFolder();
afterAll(() => folder.remove());

/** A randomised trial in which the offer moves only those whose taste is high: 30 % more buy, 5 % otherwise. */
const trial = (rows: number): (string | number)[][] => {
  const random = createRandom(8);
  return Array.from({ length: rows }, (_, i) => {
    const [taste, age, group] = [random.uniform(), 18 + random.integer(60), random.integer(3)];
    const chance = 0.1 + 0.002 * (age - 18) + (group === 1 ? 0.05 + (taste > 0.7 ? 0.25 : 0) : 0);
    const bought = random.uniform() < chance ? 1 : 0;
    return [
      i,
      taste.toFixed(4),
      age,
      i % 7 === 0 ? "" : ["app", "web"][random.integer(2)]!,
      "same",
      ["none", "email", "letter"][group]!,
      bought,
      bought * 12.5,
    ];
  });
};
folder.table("trial.csv", [["id", "taste", "age", "channel", "country", "group", "bought", "spend"], ...trial(6_000)]);
const UPLIFT = [
  "uplift",
  "--data",
  "trial.csv",
  "--treatment",
  "group=email",
  "--control",
  "group=none",
  "--features",
  "taste,age,channel,country",
];

interface Learner {
  name: string;
  qini: { mean: number; deviation: number };
  upliftAt30: { mean: number };
  treatBest30: { dr: { mean: number; low: number; high: number }; ips: { mean: number } };
}
interface Figures {
  rows: number;
  features: string[];
  averageEffect: number;
  learners: Learner[];
  treatNobody: Learner["treatBest30"];
}

describe("uplift", { timeout: 120_000 }, () => {
  test("finds whom the offer changes: every learner is above random, and the report shows curves and calibration", async () => {
    const { code, out, parts } = await folder.evaluate(
      ...UPLIFT,
      "--outcome",
      "bought",
      "--seeds",
      "2",
      "--json",
      "u.json",
      "--report",
      "u.html",
    );
    expect(code).toBe(0);
    const { rows, features, averageEffect, learners, treatNobody } = folder.figures<Figures>("u.json");
    expect(rows).toBeGreaterThan(3_700);
    expect(features).toEqual(["taste", "age", "channel = web", "channel = app"].sort((a, b) => features.indexOf(a) - features.indexOf(b)));
    expect(averageEffect).toBeCloseTo(0.125, 1);
    const of = (name: string): Learner => learners.find((learner) => learner.name === name)!;
    expect(learners.map(({ name }) => name)).toEqual(["T linear", "T boosted", "X boosted", "DR boosted", "response-only", "random"]);
    for (const name of ["T linear", "T boosted", "X boosted", "DR boosted"]) {
      expect(of(name).qini.mean).toBeGreaterThan(of("random").qini.mean + 0.03);
      expect(of(name).upliftAt30.mean).toBeGreaterThan(0.2);
      expect(of(name).treatBest30.dr.mean).toBeGreaterThan(treatNobody.dr.mean + 0.04);
      expect(of(name).treatBest30.dr.low).toBeLessThan(of(name).treatBest30.dr.mean);
    }
    expect(Math.abs(of("T linear").treatBest30.ips.mean - of("T linear").treatBest30.dr.mean)).toBeLessThan(0.02);
    expect(out).toContain("nothing speaks against a randomised trial");
    expect(out).toContain('"country" is left out: it is a text that is the same in all rows');
    const html = folder.read("u.html");
    for (const title of ["Qini curves", "Gain curves", "Calibration"]) expect(html).toContain(`<h2>${title}</h2>`);
    expect(faultsOf(html)).toEqual([]);
    expect(parts).toEqual(["reading trial.csv", "learning and judging, 2 splits"]);
  });

  test("says the same with the same seed, also for amounts less a cost", async () => {
    const run = (file: string) =>
      folder.evaluate(...UPLIFT, "--outcome", "spend", "--cost", "0.5", "--rows", "1500", "--seeds", "1", "--json", file);
    await Promise.all([run("a.json"), run("b.json")]);
    expect(folder.figures<Figures>("a.json")).toEqual(folder.figures<Figures>("b.json"));
    expect(folder.figures<Figures>("a.json").averageEffect).toBeGreaterThan(0);
  });

  test("warns of a feature that was measured after the treatment", async () => {
    folder.table("leak.csv", [
      ["x", "after", "group", "y"],
      ...Array.from({ length: 400 }, (_, i) => [(i * 7) % 13, i % 2 ? 1 + (i % 3) : i % 3, i % 2 ? "t" : "c", (i * 5) % 3 ? 0 : 1]),
    ]);
    const { out } = await folder.evaluate(
      "uplift",
      "--data",
      "leak.csv",
      "--treatment",
      "group=t",
      "--control",
      "group=c",
      "--outcome",
      "y",
      "--seeds",
      "1",
    );
    expect(out).toContain("Beware: AUC");
    expect(out).toContain("--features");
  });
});

describe("what cannot be evaluated", () => {
  test.each([
    [
      "a group that is not there",
      [...UPLIFT, "--outcome", "bought", "--treatment", "group=emial"],
      2,
      'whose "group" is "emial"; did you mean "email"?',
    ],
    ["groups that are the same", [...UPLIFT, "--outcome", "bought", "--control", "group=email"], 2, "both treatment and control"],
    ["a condition that is none", [...UPLIFT, "--outcome", "bought", "--control", "group"], 2, "must be COLUMN=VALUE"],
    ["a cost that is neither column nor number", [...UPLIFT, "--outcome", "bought", "--cost", "price"], 2, 'no column "price"'],
    ["an outcome that is a text", [...UPLIFT, "--outcome", "channel", "--features", "country"], 1, 'column "channel": "'],
    ["an outcome that is a feature too", [...UPLIFT, "--outcome", "bought", "--features", "channel,bought"], 2, '--features has "bought"'],
    ["features that never vary", [...UPLIFT, "--outcome", "bought", "--features", "country"], 1, "No feature is left"],
  ])("%s is told", async (_, given, expected, message) => {
    const { code, err } = await folder.evaluate(...given);
    expect(err).toContain(message);
    expect(code).toBe(expected);
  });

  test("three rows and outcomes that are all the same are too little", async () => {
    const rows = (count: number, y: number) => Array.from({ length: count }, (_, i) => [i % 5, i % 2 ? "t" : "c", y]);
    folder.table("tiny.csv", [["x", "g", "y"], ...rows(3, 1)]);
    folder.table("flat.csv", [["x", "g", "y"], ...rows(200, 0)]);
    const of = (file: string) => folder.evaluate("uplift", "--data", file, "--treatment", "g=t", "--control", "g=c", "--outcome", "y");
    expect(await of("tiny.csv")).toMatchObject({ code: 1, err: expect.stringContaining("only 1 rows of the treatment") as string });
    expect(await of("flat.csv")).toMatchObject({ code: 1, err: expect.stringContaining("the outcome is 0 in all rows") as string });
  });
});
