import { describe, expect, test } from "vitest";
import { matrixOf } from "../matrix.js";
import { createRandom } from "../random.js";
import { adjustedRandIndex } from "./adjustedRandIndex.js";
import { profileAt, type CustomerProfile } from "./customerProfile.js";
import { emptyState, updateFeatures, type FeaturePurchase, type FeatureState } from "./featureState.js";
import { fitSegments } from "./fitSegments.js";
import { describeSegment, nameSegments } from "./nameSegments.js";
import { findOutliers } from "./outliers.js";
import { portraitOf } from "./portrait.js";
import { provisionalSegment } from "./provisionalSegment.js";
import { assignNearest } from "./segmentModel.js";
import { usualIn } from "./usualRegion.js";

const DAY = 86_400_000;
const NOW = 180 * DAY;
const money = { currency: "EUR", minorDigits: 2 };

/** Weekday-morning coffee drinkers, weekend families with big baskets, and those who stopped coming two months ago. */
type Kind = "commuter" | "family" | "lapsed";
const KINDS: Kind[] = ["commuter", "family", "lapsed"];

/** Each customer has a rhythm and habits of their own, so that no group falls apart by itself. */
function stateOf(kind: Kind, i: number, seed: number): FeatureState {
  const random = createRandom(seed, kind, i);
  const gap = { commuter: 2.5, family: 6, lapsed: 5 }[kind] * Math.exp(0.4 * random.normal());
  const faith = 0.5 + 0.5 * random.uniform();
  let state = emptyState();
  for (
    let day = 20 * random.uniform();
    day < (kind === "lapsed" ? 80 + 40 * random.uniform() : 180);
    day += gap * (0.3 + 1.4 * random.uniform())
  ) {
    state = updateFeatures(state, purchaseOf(kind, day, random.uniform() < faith, random.uniform()));
  }
  return state;
}

function purchaseOf(kind: Kind, day: number, asUsual: boolean, luck: number): FeaturePurchase {
  const snack = [{ category: luck < 0.3 ? "Tea" : "Coffee", quantity: luck > 0.8 ? 2 : 1, paidMinor: 250 + Math.round(200 * luck) }];
  const feast = [
    { category: "Pastry", quantity: 2 + Math.round(2 * luck), paidMinor: 800 },
    { category: "Chocolate", quantity: 1 + Math.round(2 * luck), paidMinor: 400 + Math.round(600 * luck) },
  ];
  const anyHour = 7 + Math.floor(13 * luck);
  const anyDay = 1 + Math.floor(7 * luck);
  if (!asUsual || kind === "lapsed")
    return { at: day * DAY, hour: anyHour, weekday: anyDay, lines: snack, venue: luck < 0.5 ? "park" : "station" };
  if (kind === "family") return { at: day * DAY, hour: 15, weekday: 6, lines: feast, venue: "park" };
  return { at: day * DAY, hour: 8, weekday: 1 + Math.floor(5 * luck), lines: snack, venue: "station" };
}

function chain(each: number, seed: number): { kinds: Kind[]; profiles: CustomerProfile[]; states: FeatureState[] } {
  const kinds = Array.from({ length: 3 * each }, (_, i) => KINDS[i % 3]!);
  const states = kinds.map((kind, i) => stateOf(kind, i, seed));
  return { kinds, states, profiles: states.map((state) => profileAt(state, NOW)!) };
}

const first = chain(80, 1);
const { model, labels } = fitSegments(first.profiles, { seed: 1, money });
const segmentOf = (kind: Kind) => model.segments[labels[first.kinds.indexOf(kind)]!]!;

/** Those whom no segment is for: a few big orders, a card that is shown all day, a card that was stolen last week. */
const ODD = {
  corporate: { from: 10, gap: 7, hour: 9, lines: [{ category: "Coffee", quantity: 40, paidMinor: 16_000 }] },
  staff: { from: 5, gap: 0.3, hour: 12, lines: [{ category: "Tea", quantity: 1, paidMinor: 100 }] },
  fraud: { from: 174, gap: 0.5, hour: 22, lines: [{ category: "Chocolate", quantity: 15, paidMinor: 30_000 }] },
};
function oddProfile({ from, gap, hour, lines }: (typeof ODD)["staff"], i: number): CustomerProfile {
  let state = emptyState();
  for (let day = from + i; day < 180; day += gap) {
    state = updateFeatures(state, { at: day * DAY, hour: hour + i, weekday: 1 + (Math.floor(day) % 7), lines, venue: "park" });
  }
  return profileAt(state, NOW)!;
}

describe("segments", () => {
  test("are the kinds of customers that are there", () => {
    expect(model.choice.k).toBe(3);
    const agree = first.kinds.filter((kind, i) => model.segments[labels[i]!] === segmentOf(kind)).length;
    expect(agree / first.kinds.length).toBeGreaterThan(0.98);
    expect(model.silhouette).toBeGreaterThan(0.4);
  });

  test("are named after what sets them apart, each differently, with a sentence", () => {
    expect(segmentOf("commuter").name).toMatch(/weekday mornings|regulars/i);
    expect(segmentOf("family").name).toMatch(/weekend afternoons|fond of (chocolate|pastry)/i);
    expect(segmentOf("lapsed").name).toMatch(/lapsing/i);
    expect(new Set(model.segments.map(({ name }) => name)).size).toBe(3);
    expect(segmentOf("family").description).toMatch(
      /^Come .+ week, mostly on weekend afternoons, and take 4 items for 1\d\.\d\d EUR, most of it pastry; last seen .+ ago\.$/,
    );
  });

  test("are the same again from the same seed, and survive JSON", () => {
    expect(fitSegments(first.profiles, { seed: 1, money }).model).toEqual(model);
    expect(JSON.parse(JSON.stringify(model))).toEqual(model);
  });

  test("keep their id and their name when they are trained again on other days and customers", () => {
    const later = chain(60, 2);
    const again = fitSegments(later.profiles.slice(7), { seed: 5, money, previous: model });
    expect(again.model.segments.map(({ id, name }) => ({ id, name })).sort((a, b) => a.id - b.id)).toEqual(
      model.segments.map(({ id, name }) => ({ id, name })).sort((a, b) => a.id - b.id),
    );
    const commuters = again.model.segments[again.labels[later.kinds.slice(7).indexOf("commuter")]!];
    expect(commuters?.id).toBe(segmentOf("commuter").id);
  });

  test("give a new id to a group that was not there before, never one that was used", () => {
    const without = chain(80, 3);
    const kept = without.profiles.filter((_, i) => without.kinds[i] !== "lapsed");
    const fewer = fitSegments(kept, { seed: 1, money });
    const all = fitSegments(without.profiles, { seed: 1, money, previous: fewer.model });
    const fresh = all.model.segments.filter(({ id }) => id >= fewer.model.nextId);
    expect(fresh).toHaveLength(1);
    expect(fresh[0]!.name).toMatch(/lapsing/i);
  });

  test("are one for a handful of customers, and none without any", () => {
    const few = fitSegments(first.profiles.slice(0, 5), { money });
    expect(few.model.segments).toMatchObject([{ id: 1, name: "All-rounders", size: 5 }]);
    expect(() => fitSegments([], { money })).toThrow(/at least one customer/);
  });
});

describe("customers who fit no segment", () => {
  const usual = chain(130, 4);
  const odd = [ODD.corporate, ODD.staff, ODD.fraud].flatMap((habit) => [0, 1].map((i) => oddProfile(habit, i)));
  const fit = fitSegments([...usual.profiles, ...odd], { seed: 1, money });

  test("are corporate orders, staff cards and stolen ones, and hardly anybody else", () => {
    const planted = odd.map((_, i) => usual.profiles.length + i);
    expect(fit.outliers).toEqual(expect.arrayContaining(planted));
    expect(fit.outliers.length).toBeLessThanOrEqual(planted.length + 2);
    expect(fit.model).toMatchObject({ outliers: fit.outliers.length, trainedOn: usual.profiles.length + odd.length });
  });

  test("do not pull the segments: these are the same without them", () => {
    const without = fitSegments(usual.profiles, { seed: 1, money });
    expect(without.outliers.length).toBeLessThanOrEqual(2);
    expect(fit.model.segments.map(({ name }) => name).sort()).toEqual(without.model.segments.map(({ name }) => name).sort());
    expect(adjustedRandIndex(fit.labels.subarray(0, usual.profiles.length), without.labels)).toBeGreaterThan(0.98);
    const sizes = fit.model.segments.reduce((sum, { size }) => sum + size, 0);
    expect(sizes).toBe(usual.profiles.length + odd.length - fit.outliers.length);
  });

  test("are told apart at any later moment too, also those whom the training did not see", () => {
    const isUsual = usualIn(fit.usual);
    const everyone = [...usual.profiles, ...odd];
    expect(everyone.flatMap((profile, i) => (isUsual(profile) ? [] : [i]))).toEqual(fit.outliers);
    for (const habit of [ODD.corporate, ODD.staff, ODD.fraud])
      expect(isUsual(oddProfile({ ...habit, from: habit.from + 0.4 }, 0))).toBe(false);
    const others = chain(60, 9).profiles;
    expect(others.filter((profile) => !isUsual(profile)).length).toBeLessThanOrEqual(4);
  });

  test("are with the nearest segment all the same", () => {
    odd.forEach((profile, i) => {
      expect(assignNearest(fit.model, profile).segment).toBe(fit.model.segments[fit.labels[usual.profiles.length + i]!]);
    });
  });

  test("are nobody among a few, among customers who are all alike, or where everybody is odd", () => {
    expect(fitSegments([...usual.profiles.slice(0, 20), ...odd.slice(0, 1)], { money }).outliers).toEqual([]);
    expect(fitSegments([...Array.from({ length: 100 }, () => usual.profiles[0]!), ...odd], { money }).outliers).toEqual([]);
    const strangers = Array.from({ length: 20 }, (_, kind) => Array.from({ length: 10 }, () => [1000 * kind])).flat();
    expect(findOutliers(matrixOf(strangers), { random: createRandom(1) }).indices).toEqual([]);
  });
});

describe("a fit of what is hardly data", () => {
  test("of three customers, and of any number of the same one, is one segment", () => {
    for (const profiles of [first.profiles.slice(0, 3), Array.from({ length: 300 }, () => first.profiles[0]!)]) {
      const { model: one, outliers } = fitSegments(profiles, { money });
      expect(one.segments).toHaveLength(1);
      expect(one.segments[0]!.centroid.every(Number.isFinite)).toBe(true);
      expect(outliers).toEqual([]);
    }
  });

  test("of duplicated customers has the segments of the customers", () => {
    const doubled = fitSegments([...first.profiles, ...first.profiles, ...first.profiles], { seed: 1, money });
    expect(doubled.model.choice.k).toBe(3);
    expect(adjustedRandIndex(doubled.labels.subarray(0, first.profiles.length), labels)).toBeGreaterThan(0.95);
  });

  test("with columns that never vary is sound, and these count for nothing", () => {
    const flat = first.profiles.map((profile) => ({ ...profile, averageOrderMinor: 500, basketSize: 1, categories: {} }));
    const { model: fitted } = fitSegments(flat, { seed: 1, money });
    expect(fitted.space.scales.filter((scale) => scale === 0)).toHaveLength(2);
    expect(fitted.segments.flatMap(({ centroid }) => centroid).every(Number.isFinite)).toBe(true);
    expect(Number.isFinite(fitted.silhouette)).toBe(true);
  });

  test.each([
    ["recencyDays", { recencyDays: NaN }],
    ["averageOrderMinor", { averageOrderMinor: Infinity }],
    ["categories", { categories: { Coffee: NaN } }],
    ["lifetimeValueMinor", { lifetimeValueMinor: -Infinity }],
  ])("refuses a %s that is no finite number, and says whose", (name, wrong) => {
    const profiles = [...first.profiles.slice(0, 50), { ...first.profiles[50]!, ...wrong }];
    expect(() => fitSegments(profiles, { money })).toThrow(new RegExp(`Profile 50 has .* as ${name}`));
  });
});

describe("a customer", () => {
  test("is assigned to the nearest segment, which is that of the training", () => {
    first.profiles.forEach((profile, i) => expect(assignNearest(model, profile).segment).toBe(model.segments[labels[i]!]));
  });

  test("does not change segment by the mere fact of buying as usual", () => {
    const moved = first.states.filter((state, i) => {
      const kind = first.kinds[i]!;
      if (kind === "lapsed") return false;
      const next = updateFeatures(state, purchaseOf(kind, NOW / DAY, true, 0.5));
      return assignNearest(model, profileAt(next, NOW)!).segment !== model.segments[labels[i]!];
    });
    expect(moved.length).toBeLessThanOrEqual(3);
  });

  test("who has not bought yet is placed by what they declare", () => {
    expect(provisionalSegment(model, { tastes: ["pastry", "Chocolate"], venue: "park" }).segment).toBe(segmentOf("family"));
    expect(provisionalSegment(model, { tastes: ["coffee"], venue: "station" }).segment).not.toBe(segmentOf("family"));
    const nothing = provisionalSegment(model, {});
    expect(nothing.segment.size).toBe(Math.max(...model.segments.map(({ size }) => size)));
    expect(nothing.confidence).toBeCloseTo(1 / 3, 1);
    expect(provisionalSegment(model, { tastes: ["unheard of"], channel: "fax" }).confidence).toBeLessThanOrEqual(1);
  });
});

describe("names", () => {
  const portrait = portraitOf(first.profiles);
  const regular = { theme: "activity", phrase: "regulars", strength: 2 } as const;
  const evening = { theme: "timing", phrase: "evenings", strength: 1 } as const;
  const tea = { theme: "category", phrase: "fond of tea", strength: 0.5 } as const;

  test("take the two strongest traits, and more only to tell two segments apart", () => {
    const names = nameSegments([
      { traits: [regular, evening, tea], portrait },
      { traits: [regular, evening, tea], portrait },
      { traits: [regular, evening, tea], portrait },
      { traits: [regular, evening, tea], portrait },
    ]);
    expect(names[0]).toBe("Regulars, evenings");
    expect(names[1]).toBe("Regulars, evenings, fond of tea");
    expect(names[2]).toMatch(/^Regulars, evenings, .* week/);
    expect(names[3]).toBe("Regulars, evenings (2)");
  });

  test("avoid those that are taken", () => {
    expect(nameSegments([{ traits: [regular], portrait }], { taken: ["Regulars"] })).not.toContain("Regulars");
  });

  test("a description of no purchases at all is still a sentence", () => {
    expect(describeSegment(portraitOf([]), { currency: "JPY", minorDigits: 0 })).toMatch(
      /^Come every .* for 0 JPY; last seen 0 days ago\.$/,
    );
  });
});
