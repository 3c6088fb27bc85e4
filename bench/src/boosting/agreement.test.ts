import { expect, test } from "vitest";
import { compare } from "./agreement.js";

const targets = Float64Array.from({ length: 2_000 }, (_, i) => Math.sin(i));
const predictions = (shift: (i: number) => number) => ({
  hist: targets.map((y, i) => y + 0.5 + shift(i)),
  exact: targets.map((y, i) => y + shift(i)),
});
const theirs = predictions(() => 0);

test("the same predictions agree, and so do those of which one in two thousand falls to the other side of a split", () => {
  expect(
    compare(
      predictions(() => 0),
      theirs,
      targets,
    ).exactGap.largest,
  ).toBe(0);
  const { exactGap } = compare(
    predictions((i) => (i === 7 ? 0.4 : 0)),
    theirs,
    targets,
  );
  expect(exactGap.usual).toBe(0);
  expect(exactGap.largest).toBeCloseTo(0.4, 9);
});

test("trees that predict otherwise, and trees that err more, are refused", () => {
  expect(() =>
    compare(
      predictions((i) => (i % 100 === 0 ? 0.01 : 0)),
      theirs,
      targets,
    ),
  ).toThrow("exact predict otherwise");
  expect(() => compare({ ...theirs, hist: theirs.hist.map((y) => y + 0.02) }, theirs, targets)).toThrow("Trees by hist err by 0.5");
});
