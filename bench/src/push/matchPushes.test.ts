import { expect, test } from "vitest";
import { matchPushes } from "./matchPushes.js";

const pushes = (...at: number[]) => at.map((each, i) => ({ at: each, cursor: `c${i}` }));
const sales = (...sentAt: number[]) => sentAt.map((each) => ({ sentAt: each }));

test("each purchase takes the first push after it", () => {
  expect(matchPushes(sales(0, 100), pushes(40, 160))).toEqual({ delays: [40, 60], lost: 0, doubled: 0, additional: 0 });
});

test("a purchase without a push is lost", () => {
  expect(matchPushes(sales(0, 100), pushes(40))).toEqual({ delays: [40], lost: 1, doubled: 0, additional: 0 });
});

test("a push that nobody bought is additional, not a second delivery", () => {
  expect(matchPushes(sales(0, 1_000), pushes(40, 500, 1_030))).toEqual({ delays: [40, 30], lost: 0, doubled: 0, additional: 1 });
});

test("the same cursor twice is a second delivery", () => {
  const [first] = pushes(40);
  expect(matchPushes(sales(0), [first!, { at: 60, cursor: first!.cursor }])).toEqual({ delays: [40], lost: 0, doubled: 1, additional: 0 });
});
