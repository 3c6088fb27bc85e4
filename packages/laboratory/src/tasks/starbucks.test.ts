import { createRandom } from "@kava/algorithms/random";
import { afterAll, describe, expect, test } from "vitest";
import { WAVES } from "../starbucks/panel.js";
import { TryFolder } from "../tryEvaluate.js";

const folder = new TryFolder();
afterAll(() => folder.remove());

const CUSTOMERS = 300;
const OFFERS = ["a", "b", "c"];
const json = (lines: readonly object[]) => lines.map((line) => JSON.stringify(line)).join("\n");

/** Customers who were sent nothing or one of three offers at each wave, and bought at random; "c" makes them buy more. */
const write = (): void => {
  const random = createRandom(1);
  const people = Array.from({ length: CUSTOMERS }, (_, i) => `p${i}`);
  folder.write(
    "portfolio.json",
    json(OFFERS.map((id) => ({ id, offer_type: "discount", reward: 1, difficulty: 5, duration: 5, channels: ["web"] }))),
  );
  folder.write(
    "profile.json",
    json(people.map((id, i) => ({ id, age: 20 + (i % 50), income: 50_000, gender: "F", became_member_on: "20180101" }))),
  );
  const events = WAVES.flatMap((time) =>
    people.flatMap((person) => {
      const offer = OFFERS[random.integer(4)];
      const buys = random.uniform() < (offer === "c" ? 0.9 : 0.4);
      const key = { "offer id": offer };
      return [
        ...(offer ? [{ person, event: "offer received", time, value: key }] : []),
        ...(offer && random.uniform() < 0.7 ? [{ person, event: "offer viewed", time, value: key }] : []),
        ...(buys ? [{ person, event: "transaction", time: time + 6, value: { amount: 10 * random.uniform() } }] : []),
        ...(offer && buys ? [{ person, event: "offer completed", time: time + 6, value: { offer_id: offer, reward: 1 } }] : []),
      ];
    }),
  );
  folder.write("transcript.json", json(events));
};

describe("the task starbucks", () => {
  test("learns, judges, and writes a decision for each seed, customer and wave of the test", async () => {
    write();
    const { code, out, err } = await folder.evaluate(
      "starbucks",
      "--data",
      ".",
      "--seeds",
      "1",
      "--decisions",
      "d.csv",
      "--json",
      "f.json",
    );
    expect({ code, err }).toEqual({ code: 0, err: "written: f.json\n" });
    expect(out).toContain("personal less chosen in training");
    const figures = (JSON.parse(folder.read("f.json")) as { figures: { strongest: string[]; rows: { test: number } } }).figures;
    expect(figures.strongest[0]).toBe("c");
    expect(figures.rows.test).toBe(2 * CUSTOMERS);
    expect(folder.read("d.csv").trim().split("\n")).toHaveLength(1 + 2 * CUSTOMERS);
  });

  test("says before the work what it cannot read or write", async () => {
    const unwritable = await folder.evaluate("starbucks", "--data", ".", "--decisions", "nowhere/d.csv");
    expect(unwritable.code).toBe(2);
    expect(unwritable.err).toContain("nowhere/d.csv cannot be written");
    const missing = await folder.evaluate("starbucks", "--data", "elsewhere");
    expect(missing.code).toBe(1);
    expect(missing.err).toContain("There is no portfolio.json or portfolio.json.gz in");
  });
});
