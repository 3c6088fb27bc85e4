import { expect, test } from "vitest";
import { fitModel, priorModel, serveModel } from "./fitModel.js";
import { examplesOf, weeklySnapshots, type VisitHistory } from "./responseExamples.js";

const DAY_MS = 86_400_000;
const day = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * DAY_MS);
const prices = new Map([
  ["latte", 400],
  ["cake", 500],
]);
const popular = [
  { itemId: "latte", share: 0.5 },
  { itemId: "cake", share: 0.1 },
];
const every = (days: number, itemId: string, until = 100): VisitHistory => ({
  visits: Array.from({ length: Math.floor(until / days) }, (_, i) => ({ at: day(i * days), totalMinor: 400, itemIds: [itemId] })),
  offered: [],
});

test("an example knows what was known at its moment, and answers with what followed within an offer's life", () => {
  const history: VisitHistory = {
    visits: [
      { at: day(0), totalMinor: 400, itemIds: ["latte"] },
      { at: day(10), totalMinor: 600, itemIds: ["latte"] },
      { at: day(15), totalMinor: 500, itemIds: ["cake"] },
    ],
    offered: [],
  };
  const examples = examplesOf(history, { prices, popular, snapshots: [day(12)] });
  expect(examples.map(({ features, bought }) => [features.priceMinor, bought])).toEqual([
    [400, false],
    [500, true],
  ]);
  expect(examples[0]!.features).toMatchObject({
    recencyDays: 2,
    medianGapDays: 10,
    purchaseCount: 2,
    averageOrderMinor: 500,
    tasteScore: 0.75,
  });
});

test("what followed while there was an offer is no example, and a holdout, who never has one, teaches at every moment", () => {
  const held = every(5, "latte");
  const learned = (offered: VisitHistory["offered"]) =>
    [day(20), day(40), day(60)].map((moment) => examplesOf({ ...held, offered }, { prices, popular, snapshots: [moment] }).length > 0);
  expect(learned([])).toEqual([true, true, true]);
  expect(learned([{ from: day(44), until: day(51) }])).toEqual([true, false, true]);
  expect(learned([{ from: day(35), until: day(41) }])).toEqual([true, false, true]);
  // an offer that ended at the moment, and one that began when the answer was complete
  expect(
    learned([
      { from: day(33), until: day(40) },
      { from: day(67), until: day(74) },
    ]),
  ).toEqual([true, true, true]);
});

test("before the first visit there is nothing to learn, and an item that is not sold any more is no example", () => {
  expect(examplesOf(every(5, "gone"), { prices, popular: [], snapshots: [day(-1), day(20)] })).toEqual([]);
});

test("the last of the weekly moments leaves a whole offer's life before the end", () => {
  const moments = weeklySnapshots(day(100), 3);
  expect(moments).toEqual([day(79), day(86), day(93)]);
});

test("too little history fits nothing; enough of it tells who buys from who does not", () => {
  const moments = weeklySnapshots(day(100), 8);
  const fit = (histories: VisitHistory[], inService: object | null = null) =>
    fitModel({ histories, setting: { prices, popular }, snapshots: { train: moments.slice(0, 6), judge: moments.slice(6) }, inService });
  expect(fit([every(3, "latte")])).toBeNull();
  const histories = [...Array.from({ length: 30 }, () => every(3, "latte")), ...Array.from({ length: 30 }, () => every(40, "cake"))];
  const fitted = fit(histories)!;
  expect(fitted.comparison).toMatchObject({ customers: 60 });
  expect(fitted.comparison!.gain.low).toBeGreaterThan(0); // the prior takes the taste score for the probability
  expect(fit(histories, fitted.model)!.comparison!.gain).toEqual({ mean: 0, low: 0, high: 0 });
  const { model } = serveModel("fitted-1", JSON.parse(JSON.stringify(fitted.model)));
  const features = {
    recencyDays: 2,
    medianGapDays: 3,
    purchaseCount: 30,
    frequencyPerWeek: 2.3,
    averageOrderMinor: 400,
    tasteScore: 0.9,
    priceMinor: 400,
  };
  expect(model.predict(features, 0).probability).toBeGreaterThan(0.7);
  expect(
    model.predict(
      { ...features, recencyDays: 20, medianGapDays: 40, purchaseCount: 3, frequencyPerWeek: 0.2, tasteScore: 0.05, priceMinor: 500 },
      0,
    ).probability,
  ).toBeLessThan(0.3);
});

test("the prior says that the taste score is the probability, and claims no uplift", () => {
  const { model } = priorModel();
  expect(
    model.predict(
      {
        recencyDays: null,
        medianGapDays: null,
        purchaseCount: 0,
        frequencyPerWeek: 0,
        averageOrderMinor: null,
        tasteScore: 0.3,
        priceMinor: 400,
      },
      0,
    ).probability,
  ).toBeCloseTo(0.3, 6);
  expect(model.description.rung).toBe(0);
});
