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
