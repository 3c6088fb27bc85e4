import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { faultsOf, sharedData, TryFolder } from "../tryEvaluate.js";

const folder = new TryFolder();
afterAll(() => folder.remove());

describe("rules", () => {
  const groceries = sharedData("groceries/groceries.basket");

  test.skipIf(!groceries.present)(`of groceries are 410 at 0.001 / 0.8, liquor and wine to beer first${groceries.needs}`, async () => {
    const baskets = readFileSync(groceries.file, "utf8").trimEnd().split("\n");
    folder.table("groceries.csv", [["basket", "item"], ...baskets.flatMap((line, i) => line.split(",").map((item) => [i, item]))]);
    const given = ["--data", "groceries.csv", "--basket", "basket", "--item", "item", "--support", "0.001", "--confidence", "0.8"];
    const { code, out, parts } = await folder.evaluate("rules", ...given, "--json", "rules.json", "--report", "rules.html");
    expect(code).toBe(0);
    expect(out).toContain("13,492 sets of items reach the support, 410 rules");
    const { rules } = folder.figures<{ rules: { antecedent: string[]; consequent: string; lift: number }[] }>("rules.json");
    expect(rules).toHaveLength(410);
    expect(rules[0]!.antecedent.sort()).toEqual(["liquor", "red/blush wine"]);
    expect(rules[0]!.consequent).toBe("bottled beer");
    expect(rules[0]!.lift).toBeCloseTo(11.235, 3);
    expect(faultsOf(folder.read("rules.html"))).toEqual([]);
    expect(parts).toEqual(["reading groceries.csv", "finding sets of items", "making rules"]);
  });

  test("names with markup in them are shown as they are", async () => {
    folder.table("odd.csv", [
      ["b", "i"],
      ...[1, 2, 3].flatMap((b) => [
        [b, "<script>alert(1)</script>"],
        [b, "tea & <b>milk</b>"],
      ]),
    ]);
    await folder.evaluate(
      "rules",
      "--data",
      "odd.csv",
      "--basket",
      "b",
      "--item",
      "i",
      "--support",
      "0.5",
      "--confidence",
      "0.5",
      "--report",
      "odd.html",
    );
    const html = folder.read("odd.html");
    expect(html).toContain("tea &amp; &lt;b&gt;milk&lt;/b&gt;");
    expect(html).not.toContain("<script");
  });
});
