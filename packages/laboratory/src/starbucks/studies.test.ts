import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { matrixOf } from "@kava/algorithms/matrix";
import { describe, expect, test } from "vitest";
import { studyBudget } from "./budgetStudy.js";
import { decisionsCsv } from "./decisionsCsv.js";
import { type Learned, strongestArms, studyOffers } from "./offerStudy.js";
import { FEATURES, panelOf, type Panel } from "./panel.js";
import { readStarbucks, type Offer } from "./readStarbucks.js";
import { splitOf } from "./split.js";

const folder = fileURLToPath(new URL("../../../../../shared/data/starbucks/", import.meta.url));
const present = existsSync(folder);
const needs = present ? "" : " (skipped: ../shared/data/starbucks is not there)";

const offer = (id: string): Offer => ({ id, kind: "discount", reward: 1, difficulty: 5, days: 7, channels: [] });
const offers = [offer("a"), offer("b")];

/** Four customers in a training and a testing wave: margins and arms as given, nothing else known. */
const small = (arms: readonly number[]): Panel => {
  const rows = arms.length;
  return {
    features: matrixOf(arms.map(() => FEATURES.map(() => 0))),
    waves: Int32Array.from(arms, (_, row) => (row < rows / 2 ? 0 : 504)),
    customers: Int32Array.from(arms, (_, row) => row % (rows / 2)),
    arms: Int32Array.from(arms),
    margins: new Float64Array(rows),
    completed: new Uint8Array(rows),
    viewedThenCompleted: new Uint8Array(rows),
  };
};

describe("studies of policies", () => {
  const split = splitOf(small([0, 1, 2, 2, 0, 1, 2, 0]), offers);
  const learned: Learned = {
    outcomes: matrixOf([
      [1, 2, 0],
      [1, 0, 2],
      [3, 2, 1],
      [0, 0, 1],
    ]),
    residuals: Float64Array.of(0, 5, 2, 2),
  };
  const judge = matrixOf([
    [0, 3, 1],
    [0, 1, 3],
    [2, 0, 0],
    [0, 1, 3],
  ]);

  test("value the personal choice, the one arm that training chose and the one that hindsight knows", () => {
    const study = studyOffers(split, judge, [learned], [0, 1, 2]);
    expect([...study.decisions[0]!.personal]).toEqual([1, 2, 0, 2]);
    expect(study.uniformArms).toEqual([1]);
    expect(study.hindsightArm).toBe(2);
    expect([study.none.mean, study.uniform.mean, study.hindsight.mean, study.personal.mean]).toEqual([0.5, 1.25, 1.75, 2.75]);
    expect(study.random.mean).toBeCloseTo((0.5 + 1.25 + 1.75) / 3, 12);
    expect(study.personalOverUniform.mean).toBe(1.5);
  });

  test("keep to the arms that are allowed, and find the strongest of training", () => {
    const study = studyOffers(split, judge, [learned], [0, 2]);
    expect([...study.decisions[0]!.personal]).toEqual([0, 2, 0, 2]);
    expect(study.uniformArms).toEqual([2]);
    expect(strongestArms(split, learned, 2)).toEqual([1, 2]);
  });

  test("write who would be given what, a line for each seed, customer and wave", () => {
    const all = studyOffers(split, judge, [learned], [0, 1, 2]);
    const marks = Int32Array.of(1, 0, 0, 0);
    const budget = { arm: 2, decisions: [{ uplift: marks, response: marks }] };
    const customers = ["p", "q", "r", "s"].map((id) => ({ id, age: 1, income: 1, gender: "", tenure: 1 }));
    const records = { offers, customers, events: [] };
    const unused = studyOffers(split, judge, [learned], [0, 2]);
    const csv = decisionsCsv(records, split, { seeds: [9], all, without: unused, budget });
    expect(csv.split("\n").slice(1, 3)).toEqual(["9,p,504,,a,a,,b,b,b", "9,q,504,a,b,a,b,b,,"]);
  });
});

describe.skipIf(!present)(`on the Starbucks records${needs}`, { timeout: 120_000 }, () => {
  test("one offer for 30 % gains over 4.0 a customer when it goes by uplift, and more than by response", () => {
    const records = readStarbucks(folder);
    const study = studyBudget(splitOf(panelOf(records), records.offers), 7, [1], () => {});
    expect(study.gains.uplift.mean).toBeGreaterThanOrEqual(4);
    expect(study.upliftOverResponse.low).toBeGreaterThan(0);
    expect(study.gains.response.mean).toBeGreaterThan(study.gains.random.mean);
    expect(study.decisions[0]!.uplift.reduce((sum, mark) => sum + mark, 0)).toBe(Math.floor(0.3 * 34_000));
  });
});
