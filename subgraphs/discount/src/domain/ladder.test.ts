import { expect, test } from "vitest";
import { ShopOfWeeks } from "../testing/shopOfWeeks.js";

/** Lives weeks and learns after every fourth. Returns what offers brought each week, and what the gate said. */
const run = (shop: ShopOfWeeks, weeks: number): { gains: number[]; said: string[] } => {
  const said: string[] = [];
  const gains = Array.from({ length: weeks }, (_, week) => {
    const gain = shop.live();
    if (week >= 11 && week % 4 === 3) said.push(shop.learn());
    return gain;
  });
  return { gains, said };
};
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test("where offers change nothing the prior loses money until the chain's own draws say so; then they stop, but for exploring", () => {
  const shop = new ShopOfWeeks(2_500, () => 0);
  const { gains, said } = run(shop, 14);
  const before = mean(gains.slice(0, 8));
  expect(before).toBeLessThan(-3);
  expect(said).toContain("promoted");
  expect(shop.uplift!.model.description.rung).toBe(1);
  expect(gains.at(-1)!).toBeGreaterThan(0.25 * before); // three quarters of the loss are over
}, 60_000);
