import { expect, test } from "vitest";
import { profileAt, type CustomerProfile } from "./customerProfile.js";
import { emptyState, updateFeatures } from "./featureState.js";
import { fitSegments } from "./fitSegments.js";
import { historyOf, withLifetimeValue } from "./lifetimeFeature.js";
import { assignNearest } from "./segmentModel.js";

const DAY = 86_400_000;
const visits = { r: 2, alpha: 10, a: 0.3, b: 20 };

const profileOf = (days: readonly number[], now: number, paidMinor = 500): CustomerProfile => {
  const lines = [{ category: "Coffee", quantity: 1, paidMinor }];
  return profileAt(
    days.reduce((state, day) => updateFeatures(state, { at: day * DAY, hour: 8, weekday: 1, lines }), emptyState()),
    now * DAY,
  )!;
};
const every = (gap: number, until: number): number[] => Array.from({ length: Math.floor(until / gap) + 1 }, (_, i) => i * gap);

test("a profile tells repeats, the week of the last one and the weeks since the first", () => {
  const { repeats, lastWeeks, weeks } = historyOf(profileOf([0, 7, 21], 35));
  expect(repeats).toBe(2);
  expect(lastWeeks).toBeCloseTo(3, 9);
  expect(weeks).toBeCloseTo(5, 9);
  expect(historyOf(profileOf([0], 2))).toEqual({ repeats: 0, lastWeeks: 0, weeks: 1 });
});

test("who comes often, spends much and was here lately is worth more", () => {
  const worth = (profile: CustomerProfile) => withLifetimeValue(profile, visits).lifetimeValueMinor!;
  const usual = worth(profileOf(every(7, 175), 180));
  expect(usual).toBeGreaterThan(0);
  expect(worth(profileOf(every(3, 177), 180))).toBeGreaterThan(usual);
  expect(worth(profileOf(every(7, 175), 180, 1000))).toBeCloseTo(2 * usual, 6);
  expect(worth(profileOf(every(7, 70), 180))).toBeLessThan(usual);
  expect(worth(profileOf([0, 7], 7, -50))).toBe(0);
});

test("segments see it at the training and at a purchase alike, and models that were stored before it still assign", () => {
  const profiles = Array.from({ length: 120 }, (_, i) =>
    profileOf(every(2 + (i % 3) * 6 + (i % 7) / 3, 100 + (i % 2) * 75), 180, 300 + 5 * i),
  );
  const { model, labels } = fitSegments(profiles, { money: { currency: "EUR", minorDigits: 2 } });
  expect(model.space).toMatchObject({ lifetimeValue: true });
  expect(model.visits).toMatchObject({ r: expect.any(Number) });
  profiles.forEach((profile, i) => expect(assignNearest(model, profile).segment).toBe(model.segments[labels[i]!]));
  const { visits: _, ...before } = model;
  expect(Number.isFinite(assignNearest(before, profiles[0]!).distance)).toBe(true);
});
