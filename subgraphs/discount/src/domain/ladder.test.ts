import { expect, test } from "vitest";
import { ShopOfWeeks } from "../testing/shopOfWeeks.js";

/** Lives weeks and learns after every fourth, from the eighth on: an outcome is known after four. What offers brought each week, and what the gate said. */
const run = (shop: ShopOfWeeks, weeks: number): { gains: number[]; said: string[] } => {
  const said: string[] = [];
  const gains = Array.from({ length: weeks }, (_, week) => {
    const gain = shop.live();
    if (week >= 7 && week % 4 === 3) said.push(shop.learn());
    return gain;
  });
  return { gains, said };
};
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test("where offers change nothing they lose money until the chain's own draws say so; then they stop, but for exploring", () => {
  const shop = new ShopOfWeeks(2_500, () => 0);
  const { gains, said } = run(shop, 18);
  const before = mean(gains.slice(0, 8));
  expect(before).toBeLessThan(-2);
  expect(said).toContain("promoted");
  expect(shop.uplift!.model.description.rung).toBe(1);
  expect(gains.at(-1)!).toBeGreaterThan(0.3 * before);
}, 60_000);

test("where everybody answers them they go on, to more customers than chance had given one", () => {
  const shop = new ShopOfWeeks(2_000, () => 6);
  const { gains, said } = run(shop, 10);
  expect(said).toEqual(["promoted"]);
  expect(mean(gains.slice(8))).toBeGreaterThan(1.2 * mean(gains.slice(0, 8)));
}, 60_000);
