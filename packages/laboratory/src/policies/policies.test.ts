import { play } from "@kava/simulator/play";
import { drawPopulation } from "@kava/simulator/population";
import { standardRules, type Rules } from "@kava/simulator/comparison/rules";
import type { ShopView } from "@kava/simulator/comparison/learningPolicy";
import { ShopBook } from "@kava/simulator/comparison/shopBook";
import { warmUp } from "@kava/simulator/comparison/warmUp";
import { worlds } from "@kava/simulator/worlds";
import { describe, expect, test } from "vitest";
import { signNames, signsAt } from "./customerSigns.js";
import { customerWeeksOf, seenShare } from "./customerWeeks.js";
import { learnDepthEffects } from "./depthEffects.js";
import { depthTrialOf } from "./depthTrial.js";
import { learners } from "./learners.js";
import { learnGame } from "./learnGame.js";
import { listPriceBuyers } from "./listPriceBuyers.js";
import { Standing } from "./standing.js";
import { cautious, exploration, upliftWithoutGame } from "./upliftPolicy.js";
import { committedArms, shareBeyond } from "./wholePolicy.js";

const rules: Rules = { ...standardRules, customers: 1_600 };
const population = drawPopulation(worlds.mixed, 2, rules.customers);
const { log, end } = warmUp(population, rules);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const customers = Array.from({ length: rules.customers }, (_, i) => i);
const sensitive = customers.filter((i) => population.sensitive[i] === 1);
const others = customers.filter((i) => population.sensitive[i] === 0);

describe("what a shop can read from the warm-up", () => {
  test("signs of what came later are not in the signs of before", () => {
    const later = { ...log, purchases: log.purchases.filter(({ day }) => day < 28), inHand: log.inHand.slice() };
    for (let i = 0; i < log.size; i++) later.inHand.fill(0.3, i * log.days + 28, (i + 1) * log.days);
    expect(signsAt(later, 28)).toEqual(signsAt(log, 28));
    expect(signsAt(log, 56).values).not.toEqual(signsAt(log, 28).values);
    expect(signsAt(log, 28).columns).toBe(signNames.length);
  });

  test("the trial has one row for each customer who was drawn for, and its outcome is their margin a day", () => {
    const trial = depthTrialOf(log);
    expect(new Set(trial.customers).size).toBe(trial.depths.length);
    expect(trial.features.rows).toBe(trial.depths.length);
    const row = trial.outcomes.findIndex((outcome) => outcome > 0);
    const from = log.decisions.find(({ customer, days }) => customer === trial.customers[row] && days === 28)!.day;
    const own = log.purchases.filter(({ customer, day }) => customer === trial.customers[row] && day >= from && day < from + 28);
    expect(trial.outcomes[row]).toBeCloseTo(own.reduce((sum, { margin }) => sum + margin, 0) / Math.min(28, log.days - from), 9);
  });

  test("weeks hold only what was seen, and about six offers in ten are", () => {
    const weeks = customerWeeksOf(log);
    expect(weeks.every(({ depth, boughtDays }) => (depth === 0 || rules.depths.includes(depth)) && boughtDays <= 7)).toBe(true);
    expect(seenShare(log)).toBeGreaterThan(0.5);
    expect(seenShare(log)).toBeLessThan(0.75);
  });

  test("who buys at list price anyway is told from who does not, nine times in ten", () => {
    const buyers = listPriceBuyers(signsAt(log, log.days));
    expect(mean(others.map((i) => buyers[i]!))).toBeGreaterThan(0.75);
    expect(mean(sensitive.map((i) => buyers[i]!))).toBeLessThan(0.25);
  });
});

describe("effects of depths", () => {
  const effects = learnDepthEffects(depthTrialOf(log), rules.depths, 1).of(signsAt(log, log.days));
  const arms = rules.depths.map((depth, column) => ({ depth, column, burden: 0, explored: true }));

  test("are higher for the price-sensitive, and bounds are below means", () => {
    const at = (i: number) => effects.mean.values[i * rules.depths.length + rules.depths.indexOf(0.25)]!;
    expect(mean(sensitive.map(at))).toBeGreaterThan(mean(others.map(at)) + 0.05);
    effects.bound.values.forEach((bound, i) => expect(bound).toBeLessThanOrEqual(effects.mean.values[i]!));
    expect(effects.cost.values.every((cost) => cost >= 0)).toBe(true);
  });

  test("choose nothing where no bound is above 0", () => {
    const hopeless = { ...effects, bound: { ...effects.bound, values: effects.bound.values.map(() => -1) } };
    expect(customers.every((i) => cautious(hopeless, i, arms) === 0)).toBe(true);
  });

  test("choose nothing whose burden is above what it changes, and nothing but the arms that are open", () => {
    const burdened = arms.map((arm) => ({ ...arm, burden: 1_000 }));
    expect(customers.every((i) => cautious(effects, i, burdened) === 0)).toBe(true);
    const open = arms.slice(0, 2);
    expect(customers.every((i) => cautious(effects, i, open) <= open[1]!.depth)).toBe(true);
  });
});

describe("the game that is learnt", () => {
  const standing = new Standing(log, rules, learnDepthEffects(depthTrialOf(log), rules.depths, 1));
  const game = learnGame(log, rules, standing);
  const placed = game.place(standing);

  test("has a demand in its ranges for each segment, and knows no truth: it follows from log and rules alone", () => {
    expect(Math.max(...placed.segment)).toBeLessThan(game.commitments.length);
    for (const { demand, terms } of game.commitments) {
      expect(Math.min(demand.depthEffect, demand.gain, demand.loss)).toBeGreaterThanOrEqual(0);
      expect(terms.cost).toBeCloseTo(0.374 * terms.price, 6);
    }
    expect(game.commitments[0]!.demand.base).toBeGreaterThan(game.commitments.at(-1)!.demand.base);
    expect(placed.atStake.every((share) => share >= 0)).toBe(true);
  });

  test("explores no depth beyond the commitment for what is remembered", () => {
    const policy = { high: 20, low: 5, threshold: 10 };
    const committed = { ...game, commitments: game.commitments.map((each) => ({ ...each, policy })) };
    const open = (remembered: number) =>
      committedArms(committed, placed, 0, { remembered, depths: rules.depths })
        .filter(({ explored }) => explored)
        .map(({ depth, column }) => [depth, column]);
    expect(open(0)).toEqual([0.05, 0.1, 0.15, 0.2].map((depth, column) => [depth, column]));
    expect(open(0.15)).toEqual([[0.05, 0]]);
    const never = { ...game, commitments: game.commitments.map((each) => ({ ...each, policy: { high: 0, low: 0, threshold: 100 } })) };
    const arms = committedArms(never, placed, 0, { remembered: 0, depths: rules.depths });
    expect(arms.map(({ explored }) => explored)).toEqual(rules.depths.map(() => false));
  });

  test("takes off less of a teaching that fades quickly, because the outcome has already seen it", () => {
    expect(shareBeyond(1)).toBe(1);
    expect(shareBeyond(0)).toBe(0);
    expect(shareBeyond(0.8)).toBeCloseTo(0.4096, 6);
  });
});

describe("the shop's view of its customers", () => {
  test("goes on with what happens in play, once a week, and reads each day once", () => {
    const learned = learnDepthEffects(depthTrialOf(log), rules.depths, 1);
    const standing = new Standing(log, rules, learned);
    const before = { signs: standing.signs, effects: standing.effects };
    const book = ShopBook.after(log, rules.playDays);
    const fresh: number[] = [];
    const watched = (view: ShopView) => {
      book.read(view);
      if (standing.read(view)) fresh.push(view.day);
      if (view.day < log.days + 7) expect({ signs: standing.signs, effects: standing.effects }).toEqual(before);
    };
    play(worlds.mixed, watched, 8, { seed: 2, population, from: end });
    expect(fresh).toEqual([log.days + 7]);
    expect(standing.signs).toEqual(signsAt(book.close(log.observed, log.holdout), log.days + 7));
    expect(standing.effects).toEqual(learned.of(standing.signs));
  });
});

describe("policies at play", () => {
  test.each(learners.map((learner) => [learner.name, learner] as const))(
    "%s sends permitted depths, and the same ones each time",
    (_, learner) => {
      const played = [1, 2].map(() => {
        const sent: number[] = [];
        const policy = learner.learn(log, rules, 1);
        const spied: typeof policy = (view, proposed) => {
          policy(view, proposed);
          sent.push(...proposed);
        };
        play(worlds.mixed, spied, 14, { seed: 2, population, from: end });
        return sent;
      });
      expect(played[0]).toEqual(played[1]);
      expect(played[0]!.every((depth) => depth === 0 || rules.depths.includes(depth))).toBe(true);
      expect(played[0]!.some((depth) => depth > 0)).toBe(true);
    },
  );

  test("uplift gives mostly to the price-sensitive, and explores no more than it says", () => {
    const policy = upliftWithoutGame.learn(log, rules, 1);
    const sent = new Float64Array(rules.customers);
    const spied: typeof policy = (view, proposed) => {
      policy(view, proposed);
      proposed.forEach((depth, i) => (sent[i]! += depth > 0 ? 1 : 0));
    };
    play(worlds.mixed, spied, 28, { seed: 2, population, from: end });
    expect(mean(sensitive.map((i) => sent[i]!))).toBeGreaterThan(2 * mean(others.map((i) => sent[i]!)));
    expect(exploration).toBe(0.1);
  });
});
