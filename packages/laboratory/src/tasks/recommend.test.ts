import { createRandom } from "@kava/algorithms/random";
import { afterAll, describe, expect, test } from "vitest";
import { faultsOf, TryFolder } from "../tryEvaluate.js";

const folder = new TryFolder();
afterAll(() => folder.remove());

describe("recommend", () => {
  test("finds the item that always goes with another, which popularity does not", async () => {
    const random = createRandom(1);
    const rows = Array.from({ length: 400 }, (_, basket) => {
      const pair = random.integer(10);
      return [`first ${pair}`, `second ${pair}`].map((item) => [basket, item, basket % 40]);
    });
    folder.table("pairs.csv", [["basket", "item", "customer"], ...rows.flat()]);
    const given = ["--data", "pairs.csv", "--basket", "basket", "--item", "item", "--customer", "customer", "--seeds", "2"];
    const { code } = await folder.evaluate("recommend", ...given, "--json", "recommend.json", "--report", "recommend.html");
    expect(code).toBe(0);
    const { comparisons } = folder.figures<{ comparisons: { title: string; ways: { name: string; scores: { hitRate: number }[] }[] }[] }>(
      "recommend.json",
    );
    expect(comparisons.map(({ title }) => title)).toEqual(["Completing a basket", "Items new to the customer"]);
    const hitRate = (name: string) => comparisons[0]!.ways.find((way) => way.name.startsWith(name))!.scores[0]!.hitRate;
    expect(hitRate("item-kNN")).toBe(1);
    expect(hitRate("EASE")).toBe(1);
    expect(hitRate("Kava's blend")).toBe(1);
    expect(hitRate("popularity")).toBeLessThan(0.7);
    expect(faultsOf(folder.read("recommend.html"))).toEqual([]);
  });

  test("says that baskets of one item have nothing to hide", async () => {
    folder.table("single.csv", [["basket", "item"], ...Array.from({ length: 30 }, (_, i) => [i, `item ${i % 3}`])]);
    const { code, err } = await folder.evaluate("recommend", "--data", "single.csv", "--basket", "basket", "--item", "item");
    expect(code).toBe(1);
    expect(err).toContain("no basket that is held back has what could be hidden");
  });
});
