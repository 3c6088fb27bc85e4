import { createRandom } from "@kava/algorithms/random";
import { expect, test } from "vitest";
import { afterSale, noHabits, type Habits } from "./habits.js";
import { outlierTest, profileForTraining, trainModel } from "./segmentation.js";

const NOW = new Date("2026-11-22T10:00:00Z");
const A_DAY_MS = 86_400_000;
const money = { currency: "EUR", minorDigits: 2 };

/** Morning coffees, weekend cakes; `quantity` of each line, so that an office is one of sixty. */
const habitsOf = (seed: number, category: string, gapDays: number, quantity: number): Habits => {
  const random = createRandom(seed, category);
  let habits = noHabits();
  for (let day = 1 + gapDays * random.uniform(); day < 120; day += gapDays * (0.5 + random.uniform()))
    habits = afterSale(
      habits,
      { at: new Date(NOW.getTime() - day * A_DAY_MS), venueId: null, lines: [{ category, quantity, paidMinor: quantity * 400 }] },
      "UTC",
    );
  return habits;
};
const people = Array.from({ length: 160 }, (_, i) =>
  habitsOf(i, i % 2 === 0 ? "Espresso" : "Desserts", i % 2 === 0 ? 3 : 12, i % 2 === 0 ? 1 : 4),
);
const profilesOf = (all: readonly Habits[]) => all.flatMap((habits) => profileForTraining(habits, NOW) ?? []);
const office = (seed: number): Habits => habitsOf(seed, "Espresso", 7, 60);

test("a training holds a fifth of the buyers out to judge by, names its steps, and is compared with what serves", () => {
  const steps: string[] = [];
  const profiles = profilesOf(people);
  const first = trainModel({ profiles, previous: null, money, learnedInService: null }, ({ step }) => steps.push(step));
  expect(first.model.trainedOn).toBe(128);
  expect(first.comparison).toMatchObject({ gain: null });
  expect(first.comparison.customers).toBeLessThanOrEqual(32);
  expect(first.comparison.customers).toBeGreaterThan(25);
  expect(first.shiftInService).toBeNull();
  expect([...new Set(steps)]).toEqual(["visits", "who fits no segment", "how many segments", "how stable they are", "segments", "judging"]);
  const again = trainModel({ profiles, previous: first.model, money, learnedInService: first.learned });
  expect(again.comparison.agreement).toBe(1);
  expect(again.shiftInService!.every(({ index }) => index < 0.25)).toBe(true);
});

test("an office that comes after the training is told apart by it, and who never bought is not", () => {
  const { usual } = trainModel({ profiles: profilesOf([...people, office(1)]), previous: null, money, learnedInService: null });
  const isOutlier = outlierTest(usual);
  expect(isOutlier(office(2), NOW)).toBe(true);
  expect(isOutlier(noHabits(), NOW)).toBe(false);
  expect(people.filter((habits) => isOutlier(habits, NOW)).length).toBeLessThanOrEqual(3);
});

test("among a few nobody is held out, and nobody is odd", () => {
  const few = trainModel({ profiles: profilesOf(people.slice(0, 30)), previous: null, money, learnedInService: null });
  expect(few.model.trainedOn).toBe(30);
  expect(outlierTest(few.usual)(office(1), NOW)).toBe(false);
});
