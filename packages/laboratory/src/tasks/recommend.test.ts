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

  test("beside the random split, learns from what was earlier and is judged by what was later", async () => {
    const random = createRandom(2);
    const rows = Array.from({ length: 400 }, (_, basket) => {
      const day = `2026-0${1 + Math.floor(basket / 100)}-15`;
      // in April a pair goes together that never did before
      const names = basket < 300 ? [`first ${random.integer(10)}`] : ["new", "newer"];
      const pair = basket < 300 ? [names[0]!, names[0]!.replace("first", "second")] : names;
      return pair.map((item) => [basket, item, basket % 200, day]);
    });
    folder.table("dated.csv", [["basket", "item", "customer", "day"], ...rows.flat()]);
    const given = ["recommend", "--data", "dated.csv", "--basket", "basket", "--item", "item", "--customer", "customer", "--seeds", "1"];
    const { code, out, err } = await folder.evaluate(...given, "--date", "day", "--test-from", "2026-04-01", "--json", "dated.json");
    expect([code, err]).toEqual([0, "written: dated.json\n"]);
    const { comparisons, testFrom } = folder.figures<{
      testFrom: string;
      comparisons: { title: string; ways: { name: string; scores: { hitRate: number }[] }[] }[];
    }>("dated.json");
    expect(testFrom).toBe("2026-04-01");
    const rateOf = (title: string) =>
      comparisons.find((each) => each.title === title)!.ways.find(({ name }) => name === "item-kNN")!.scores[0]!.hitRate;
    expect(rateOf("Completing a basket")).toBe(1);
    expect(rateOf("Completing a basket from 2026-04-01 on")).toBe(0);
    expect(comparisons.map(({ title }) => title)).toContain("Items new to the customer from 2026-04-01 on");
    expect(out).toContain("as a shop must");
    expect((await folder.evaluate(...given, "--date", "day")).out).toContain("Completing a basket from 2026-04-15 on");
    expect(await folder.evaluate(...given, "--date", "day", "--test-from", "2027-01-01")).toMatchObject({
      code: 1,
      err: expect.stringContaining("baskets from 2026-01-15 to 2026-04-15; --test-from 2027-01-01 must lie between") as string,
    });
    expect((await folder.evaluate(...given, "--test-from", "2026-04-01")).err).toContain("--test-from needs --date");
    expect((await folder.evaluate(...given, "--date", "day", "--test-from", "soon")).err).toContain('--test-from "soon" is no date');
  });

  test("says that baskets of one item have nothing to hide", async () => {
    folder.table("single.csv", [["basket", "item"], ...Array.from({ length: 30 }, (_, i) => [i, `item ${i % 3}`])]);
    const { code, err } = await folder.evaluate("recommend", "--data", "single.csv", "--basket", "basket", "--item", "item");
    expect(code).toBe(1);
    expect(err).toContain("no basket that is held back has what could be hidden");
  });
});
