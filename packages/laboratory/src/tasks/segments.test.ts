import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { faultsOf, sharedData, TryFolder } from "../tryEvaluate.js";

const folder = new TryFolder();
afterAll(() => folder.remove());

describe("segments", () => {
  const cdnow = sharedData("cdnow/CDNOW_master.txt.gz");

  test.skipIf(!cdnow.present)(`of CDNOW at k = 3 have silhouette 0.476 ± 0.01 and come out again${cdnow.needs}`, async () => {
    const lines = gunzipSync(readFileSync(cdnow.file)).toString().trim().split("\n").slice(1);
    folder.table("cdnow.csv", [["customer", "date", "cds", "dollars"], ...lines.map((line) => line.trim().split(/\s+/))]);
    const given = ["--data", "cdnow.csv", "--customer", "customer", "--date", "date", "--value", "dollars", "--k", "3"];
    const { code } = await folder.evaluate("segments", ...given, "--json", "segments.json", "--report", "segments.html");
    expect(code).toBe(0);
    const found = folder.figures<{ customers: number; silhouette: number; stability: number; segments: { name: string }[] }>(
      "segments.json",
    );
    expect(found.customers).toBe(23_570);
    expect(Math.abs(found.silhouette - 0.476)).toBeLessThanOrEqual(0.01);
    expect(found.stability).toBeGreaterThanOrEqual(0.95);
    expect(new Set(found.segments.map(({ name }) => name)).size).toBe(3);
    expect(faultsOf(folder.read("segments.html"))).toEqual([]);
  });

  test("of three customers are one, and of two customers none", async () => {
    const rows = (customers: number) => Array.from({ length: customers }, (_, i) => [`c${i}`, `2026-01-0${i + 1}`, 5 + i]);
    folder.table("three.csv", [["c", "d", "v"], ...rows(3)]);
    folder.table("two.csv", [["c", "d", "v"], ...rows(2)]);
    const of = (file: string) =>
      folder.evaluate("segments", "--data", file, "--customer", "c", "--date", "d", "--value", "v", "--json", "few.json");
    expect((await of("three.csv")).code).toBe(0);
    expect(folder.figures<{ k: number }>("few.json").k).toBe(1);
    expect(await of("two.csv")).toMatchObject({ code: 1, err: expect.stringContaining("only 2 customers") as string });
  });
});
