import { describe, expect, test } from "vitest";
import { noOffers, uniformWeekly, type Policy } from "../policies.js";
import { play } from "../play.js";
import { drawPopulation } from "../population.js";
import { growingLife, worlds } from "../worlds.js";
import { bestUniform, marginByDepth, nothing, uniformPolicy } from "./boundingPolicies.js";
import { comparePolicies, hindsightName } from "./comparePolicies.js";
import type { LearningPolicy } from "./learningPolicy.js";
import { playSeed } from "./playSeed.js";
import { standardRules, type Rules } from "./rules.js";
import { ShopBook } from "./shopBook.js";
import { studentInterval, studentQuantile975 } from "./studentInterval.js";
import { holdoutOf, warmUp, warmUpNothing } from "./warmUp.js";
import { withinRules } from "./withinRules.js";

const rules: Rules = { ...standardRules, customers: 150, playDays: 21, freeDays: 14, depths: [0.1, 0.25] };
const world = worlds.mixed;

describe("the warm-up", () => {
  const population = drawPopulation(world, 3, 1200);
  const { log, end } = warmUp(population, { ...rules, customers: 1200 });

  test("draws each depth as often as its propensity says, and never for the holdout", () => {
    const weekly = log.decisions.filter((decision) => decision.days === 7);
    for (const depth of [0, 0.1, 0.25]) {
      const drawn = weekly.filter((decision) => decision.depth === depth);
      expect(drawn.length / weekly.length).toBeCloseTo(depth === 0 ? warmUpNothing : 0.3, 1);
      expect(new Set(drawn.map((decision) => decision.propensity)).size).toBe(1);
    }
    expect(log.decisions.some(({ customer }) => log.holdout[customer] === 1)).toBe(false);
    expect(log.holdout.reduce((sum, held) => sum + held, 0)).toBeGreaterThan(30);
  });

  test("keeps a depth for the last four weeks, so that nobody is drawn for twice in them", () => {
    const kept = log.decisions.filter((decision) => decision.days === 28);
    expect(new Set(kept.map(({ customer }) => customer)).size).toBe(kept.length);
    expect(kept.every(({ day }) => day >= 28 && day < 35)).toBe(true);
  });

  test("logs every purchase with what it earned, those of the last day included", () => {
    const earned = log.purchases.reduce((sum, { margin }) => sum + margin, 0);
    const again: number[] = [];
    const replayed: Policy = (view, proposed) => {
      for (const { customer, day, days, depth } of log.decisions)
        if (day <= view.day && view.day < day + days && (view.day + customer) % 7 === 0) proposed[customer] = depth;
    };
    again.push(...play(world, replayed, log.days, { seed: 3, customers: 1200 }).margin);
    expect(earned).toBeCloseTo(
      again.reduce((sum, margin) => sum + margin, 0),
      6,
    );
    expect(log.purchases.some(({ day }) => day === log.days - 1)).toBe(true);
    expect(end.day).toBe(log.days);
  });

  test("its book goes on in a later play, and reads no day twice", () => {
    const book = ShopBook.after(log, 10);
    play(world, (view) => book.read(view), 12, { seed: 3, customers: 1200, from: end });
    const more = book.close(log.observed, log.holdout);
    expect(more.days).toBe(log.days + 10);
    expect(more.purchases.slice(0, log.purchases.length)).toEqual(log.purchases);
    const later = more.purchases.slice(log.purchases.length).map(({ day }) => day);
    expect([Math.min(...later), Math.max(...later)]).toEqual([log.days, log.days + 9]);
    const earned = play(world, noOffers, 10, { seed: 3, customers: 1200, from: end }).margin;
    expect(more.purchases.reduce((sum, { day, margin }) => sum + (day >= log.days ? margin : 0), 0)).toBeCloseTo(
      earned.reduce((sum, margin) => sum + margin, 0),
      6,
    );
    for (const customer of [0, 7, 1199])
      expect(more.inHand.subarray(customer * more.days, customer * more.days + log.days)).toEqual(
        log.inHand.subarray(customer * log.days, (customer + 1) * log.days),
      );
  });

  test("an offer is in hand only of who was sent one, and never deeper than the deepest", () => {
    expect(Math.max(...log.inHand)).toBe(0.25);
    for (let i = 0; i < log.size; i++)
      if (log.holdout[i] === 1) expect(log.inHand.subarray(i * log.days, (i + 1) * log.days).every((depth) => depth === 0)).toBe(true);
  });

  test("what depths earn is told apart, and a depth that nobody drew earns nothing to choose it for", () => {
    const margins = marginByDepth(log, [0, 0.1, 0.25, 0.4]);
    expect(margins[0]).toBeGreaterThan(0);
    expect(margins[3]).toBe(-Infinity);
  });
});

describe("rules that hold for every policy", () => {
  const population = drawPopulation(world, 5, 200);
  const holdout = holdoutOf(population, 0.2);

  test("hold a greedy policy to the cap, the holdout and the permitted depths", () => {
    const sent: { customer: number; day: number; depth: number }[] = [];
    const greedy = withinRules((_, proposed) => void proposed.fill(0.99), { ...rules, budgetShare: 1 }, holdout);
    play(
      world,
      (view, proposed) => {
        greedy(view, proposed);
        proposed.forEach((depth, customer) => depth > 0 && sent.push({ customer, day: view.day, depth }));
      },
      20,
      { seed: 5, population },
    );
    expect(sent.every(({ customer, depth }) => holdout[customer] === 0 && depth === 0.25)).toBe(true);
    expect(new Set(sent.map(({ day }) => day % 7)).size).toBeLessThanOrEqual(2);
  });

  test("a depth between two permitted ones becomes the shallower, one below all becomes none", () => {
    const asked = (depth: number) => {
      let got = NaN;
      const held = withinRules((_, proposed) => void proposed.fill(depth), rules, new Uint8Array(1));
      play(
        world,
        (view, proposed) => {
          held(view, proposed);
          got = proposed[0]!;
        },
        1,
        { seed: 1, customers: 1 },
      );
      return got;
    };
    expect([asked(0.2), asked(0.1), asked(0.05), asked(0)]).toEqual([0.1, 0.1, 0, 0]);
  });

  test("without a budget there are no offers after the first discounts", () => {
    const held = withinRules((_, proposed) => void proposed.fill(0.25), { ...rules, budgetShare: 0 }, new Uint8Array(200));
    const { discount } = play(world, held, 60, { seed: 5, population });
    const free = play(world, uniformWeekly(0.25), 60, { seed: 5, population });
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
    expect(sum(discount)).toBeLessThan(sum(free.discount) / 3);
  });
});

describe("policies played against each other", () => {
  const silent: LearningPolicy = { name: "silent", learn: () => noOffers };

  test("a policy that never offers equals none, whatever the world", () => {
    for (const kind of [worlds.calm, worlds.waiters]) {
      const [none, , quiet] = playSeed({ world: kind, rules, seed: 2, life: growingLife(40) }, [silent]);
      expect(quiet).toEqual({ ...none, policy: "silent" });
      expect(none?.offers).toBe(0);
    }
  });

  test("every learner is given the same log, and what one does moves no other", () => {
    const logs: unknown[] = [];
    const curious: LearningPolicy = { name: "curious", learn: (log) => (logs.push(log), uniformWeekly(0.1)) };
    const together = playSeed({ world, rules, seed: 4 }, [curious, silent, { ...curious, name: "twin" }]);
    expect(logs[0]).toBe(logs[1]);
    const alone = playSeed({ world, rules, seed: 4 }, [silent]);
    expect(together.find(({ policy }) => policy === "silent")).toEqual(alone.find(({ policy }) => policy === "silent"));
    const uniform = together.find(({ policy }) => policy === "uniform 10 %");
    expect(together.find(({ policy }) => policy === "curious")).toEqual({ ...uniform, policy: "curious" });
  });

  test("the table holds every policy, paired with none and with the best uniform, and tells its progress", () => {
    const told: number[] = [];
    const table = comparePolicies({ world, learners: [silent], worlds: 2, rules, onProgress: (done) => told.push(done) });
    expect(told).toEqual([1, 2]);
    expect(table.policies.map(({ policy }) => policy)).toEqual([
      "none",
      "best uniform",
      "silent",
      hindsightName,
      "oracle",
      "uniform 10 %",
      "uniform 25 %",
    ]);
    const row = (name: string) => table.policies.find(({ policy }) => policy === name)!;
    expect(row("none").againstNone).toEqual({ mean: 0, low: 0, high: 0 });
    expect(row("silent").againstNone.mean).toBe(0);
    expect(row(hindsightName).margin.mean).toBeGreaterThanOrEqual(row("best uniform").margin.mean);
    expect(row("best uniform").captured ?? 0).toBe(0);
    expect(row("none").learntToWait).toBe(0);
    expect(JSON.parse(JSON.stringify(table))).toEqual(table);
  });

  test("the same seeds give the same table", () => {
    const options = { world, learners: [bestUniform, nothing], worlds: 1, rules: { ...rules, customers: 40 } };
    expect(comparePolicies(options)).toEqual(comparePolicies(options));
  });

  test("the oracle is above none where some customers are worth a discount", () => {
    const { policies } = comparePolicies({
      world,
      learners: [],
      worlds: 1,
      rules: { ...rules, customers: 400, playDays: 56, freeDays: 28 },
    });
    expect(policies.find(({ policy }) => policy === "oracle")!.againstNone.mean).toBeGreaterThan(0);
    expect(uniformPolicy(0.25).name).toBe("uniform 25 %");
  });

  test.each([
    [{ warmUpDays: 30 }, /at least|whole number from 56/],
    [{ warmUpDays: 60 }, /blocks of 28 days/],
    [{ depths: [0.2, 0.1] }, /ascending/],
    [{ depths: [] }, /ascending/],
    [{ holdoutShare: 2 }, /holdoutShare/],
    [{ customers: 0 }, /customers/],
  ])("rules that cannot be played by are refused: %j", (wrong, words) => {
    expect(() => comparePolicies({ world, learners: [], worlds: 1, rules: { ...rules, ...wrong } })).toThrow(words);
    expect(() => comparePolicies({ world, learners: [], worlds: 0, rules })).toThrow(/whole number of worlds/);
  });
});

describe("t intervals", () => {
  test.each([
    [1, 12.7062],
    [4, 2.77645],
    [5, 2.57058],
    [19, 2.09302],
    [100, 1.98397],
  ])("the 97.5 %% quantile with %i degrees of freedom is %f", (freedom, expected) => {
    expect(studentQuantile975(freedom)).toBeCloseTo(expected, 3);
  });

  test("the interval of known numbers, of equal ones, and of a single one", () => {
    const { mean, low, high } = studentInterval([1, 2, 3, 4, 5]);
    expect([mean, low, high].map((value) => Number(value.toFixed(4)))).toEqual([3, 1.0368, 4.9632]);
    expect(studentInterval([2, 2, 2])).toEqual({ mean: 2, low: 2, high: 2 });
    expect(studentInterval([2]).high).toBe(Infinity);
  });
});
