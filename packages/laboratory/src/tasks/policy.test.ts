import { parseWorld } from "@kava/simulator/worldFile";
import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { faultsOf, TryFolder } from "../tryEvaluate.js";

const folder = new TryFolder();
afterAll(() => folder.remove());
const SMALL = ["--worlds", "2", "--customers", "120", "--play-days", "14"];

interface Figures {
  worlds: { name: string; comparison: { worlds: number; policies: { policy: string; margin: { mean: number } }[] } }[];
}

test("policies are compared in a world from a file, on the same luck each time", { timeout: 240_000 }, async () => {
  folder.write(
    "own.json",
    JSON.stringify({
      name: "our town",
      priceSensitiveShare: 0.5,
      sensitiveTolerance: -0.2,
      otherTolerance: 0.2,
      strategicShare: 0.3,
      offerLift: 0.2,
    }),
  );
  const given = ["policy", "--world", "own.json", ...SMALL];
  const { code, out, err } = await folder.evaluate(...given, "--json", "p.json", "--report", "p.html");
  expect([code, err]).toEqual([0, "written: p.json\nwritten: p.html\n"]);
  const [world] = folder.figures<Figures>("p.json").worlds;
  expect(world!.name).toBe("our town");
  const names = world!.comparison.policies.map(({ policy }) => policy);
  for (const name of ["none", "best uniform", "uplift without the game", "the whole", "oracle"]) expect(names).toContain(name);
  expect(out).toContain("our town: the whole less each other, paired");
  expect(faultsOf(folder.read("p.html"))).toEqual([]);
});

test("a table and a plot for people say what was found, what falls short, and how it was made", { timeout: 240_000 }, async () => {
  folder.folder("docs");
  const given = ["policy", "--world", "calm,waiters", "--worlds", "2", "--customers", "60", "--play-days", "7", "--seed", "5"];
  const { code, err } = await folder.evaluate(...given, "--docs", "docs");
  expect([code, err]).toEqual([0, "written: docs/policies.md\nwritten: docs/policies.svg\n"]);
  const page = folder.read("docs/policies.md");
  for (const words of [
    "seed 5",
    "2 worlds of each kind",
    "| waiters | earns more than uplift without the game |",
    "| **the whole** |",
    "(policies.svg)",
  ])
    expect(page).toContain(words);
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
  const plot = folder.read("docs/policies.svg");
  expect(plot).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(plot).toContain("seed 5");
  expect(faultsOf(plot.replace("http://www.w3.org/2000/svg", ""))).toEqual([]);
  expect(await folder.evaluate(...given, "--docs", "nowhere")).toMatchObject({
    code: 2,
    err: expect.stringContaining('--docs "nowhere" is no folder') as string,
  });
});

test("the example of a world is one", () => {
  const example = readFileSync(new URL("../../../../examples/world.json", import.meta.url), "utf8");
  expect(parseWorld(example, "examples/world.json")).toMatchObject({ name: "a growing town", life: { newcomerShare: 0.25 } });
});

test("a world that is not there and a file that is no world are told", async () => {
  expect(await folder.evaluate("policy", "--world", "mixt", ...SMALL)).toMatchObject({
    code: 2,
    err: expect.stringContaining('did you mean "mixed"?') as string,
  });
  folder.write("bad.json", '{"name": "x", "strategicShare": 3}');
  expect(await folder.evaluate("policy", "--world", "bad.json", ...SMALL)).toMatchObject({
    code: 1,
    err: expect.stringContaining("strategicShare") as string,
  });
  expect(await folder.evaluate("policy", "--world", "calm", "--warm-up-days", "60")).toMatchObject({ code: 2 });
});
