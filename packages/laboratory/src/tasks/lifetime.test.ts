import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { faultsOf, sharedData, TryFolder } from "../tryEvaluate.js";

const folder = new TryFolder();
afterAll(() => folder.remove());

describe("lifetime", () => {
  const sample = sharedData("cdnow/CDNOW_sample.txt");

  test.skipIf(!sample.present)(
    `of CDNOW's sample has the parameters that are known, and the bias of its holdout${sample.needs}`,
    async () => {
      const lines = readFileSync(sample.file, "utf8").trim().split("\n");
      folder.table("sample.csv", [["master", "customer", "date", "cds", "dollars"], ...lines.map((line) => line.trim().split(/\s+/))]);
      const given = [
        "--data",
        "sample.csv",
        "--customer",
        "customer",
        "--date",
        "date",
        "--value",
        "dollars",
        "--calibrate-until",
        "1997-09-30",
      ];
      const { code, out } = await folder.evaluate("lifetime", ...given, "--json", "lifetime.json", "--report", "lifetime.html");
      expect(code).toBe(0);
      expect(out).toContain("12.1 % too few purchases");
      const { visits, spend, holdout } = folder.figures<{
        visits: { parameters: Record<string, number>; logLikelihood: number };
        spend: { parameters: Record<string, number>; customers: number };
        holdout: { predicted: number; actual: number; meanAbsoluteError: number };
      }>("lifetime.json");
      for (const [name, known] of Object.entries({ r: 0.2426, alpha: 4.4136, a: 0.7929, b: 2.4259 }))
        expect(Math.abs(visits.parameters[name]! / known - 1)).toBeLessThan(0.005);
      expect(Math.abs(visits.logLikelihood + 9582.43)).toBeLessThan(0.05);
      expect(spend.customers).toBe(946);
      for (const [name, known] of Object.entries({ p: 6.25, q: 3.744, gamma: 15.444 }))
        expect(Math.abs(spend.parameters[name]! / known - 1)).toBeLessThan(0.005);
      expect(holdout.predicted).toBeCloseTo(1653, -0.5);
      expect(holdout.actual).toBe(1882);
      expect(holdout.meanAbsoluteError).toBeCloseTo(0.785, 3);
      expect(faultsOf(folder.read("lifetime.html"))).toEqual([]);
    },
  );

  test("a day outside of the table and a day that is none are told", async () => {
    folder.table("short.csv", [
      ["c", "d", "v"],
      ["a", "2026-01-01", 1],
      ["a", "2026-02-01", 2],
    ]);
    const until = (day: string) =>
      folder.evaluate("lifetime", "--data", "short.csv", "--customer", "c", "--date", "d", "--value", "v", "--calibrate-until", day);
    expect(await until("2027-01-01")).toMatchObject({ code: 1, err: expect.stringContaining("from 2026-01-01 to 2026-02-01") as string });
    expect(await until("soon")).toMatchObject({ code: 2, err: expect.stringContaining("write it as 2026-06-30") as string });
  });
});
