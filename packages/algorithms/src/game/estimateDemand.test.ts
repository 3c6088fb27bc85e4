import { describe, expect, test } from "vitest";
import { createRandom, uniformAt } from "../random.js";
import { sigmoid } from "../response/fitLogistic.js";
import { remember, utility } from "./demand.js";
import { DEFAULT_PRIORS, PARAMETERS } from "./demandPriors.js";
import { estimateDemand, type LoggedSequence } from "./estimateDemand.js";
import type { Demand } from "./gameTerms.js";

const truth: Demand = { base: -1, depthEffect: 3, gain: 4, loss: 9 };

/** Customers who answer as the model says, at depths that a coin chose. */
function simulated(customers: number, epochs: number, demand: Demand, memory: number, depths: readonly number[]): LoggedSequence[] {
  const random = createRandom(3);
  return Array.from({ length: customers }, (_, customer) => {
    let remembered = 0;
    const seen = Array.from({ length: epochs }, () => depths[random.integer(depths.length)]!);
    const bought = seen.map((depth, epoch) => {
      const p = sigmoid(utility(demand, depth, remembered));
      remembered = remember(memory, remembered, depth);
      return uniformAt(8, customer, epoch) < p;
    });
    return { depths: seen, bought };
  });
}

describe("demand and memory from logged decisions", () => {
  test("are found where depths were random and customers many", () => {
    const { demand, memory, parameters, converged, epochs } = estimateDemand(simulated(1_500, 40, truth, 0.7, [0, 0, 10, 20, 30, 40]));
    expect(converged).toBe(true);
    expect(epochs).toBe(60_000);
    expect(Math.abs(demand.base - truth.base)).toBeLessThan(0.1);
    expect(Math.abs(demand.depthEffect - truth.depthEffect)).toBeLessThan(0.8);
    expect(Math.abs(demand.gain - truth.gain)).toBeLessThan(1);
    expect(Math.abs(demand.loss - truth.loss)).toBeLessThan(1.5);
    expect(Math.abs(memory - 0.7)).toBeLessThan(0.08);
    expect(Object.values(parameters).map((each) => each.from)).toEqual(Array.from({ length: 5 }, () => "data"));
  });

  test("stay at the prior where nothing was offered, and the estimate says which", () => {
    const { demand, memory, parameters, assumed } = estimateDemand(simulated(400, 20, truth, 0.7, [0]));
    expect(assumed).toEqual(["depthEffect", "gain", "loss", "memory"]);
    expect(parameters.base.from).toBe("data");
    expect(Math.abs(demand.base - truth.base)).toBeLessThan(0.1);
    for (const name of ["depthEffect", "gain", "loss", "memory"] as const) {
      expect(parameters[name].from).toBe("prior");
      expect(parameters[name].learned).toBeCloseTo(0, 6);
    }
    expect(demand.depthEffect).toBeCloseTo(4, 6);
    expect(memory).toBeCloseTo(0.8, 6);
  });

  test("leave memory at the prior where there is no reference effect to see it by", () => {
    const { parameters } = estimateDemand(simulated(400, 20, { ...truth, gain: 0, loss: 0 }, 0.7, [0, 20, 40]));
    expect(parameters.base.from).toBe("data");
    expect(parameters.memory.from).toBe("prior");
  });

  test("are the priors without a log, and stay finite when everybody or nobody bought", () => {
    const none = estimateDemand([]);
    expect(none).toMatchObject({ epochs: 0, converged: true, assumed: PARAMETERS, demand: { base: DEFAULT_PRIORS.base.mean } });
    expect(none.memory).toBeCloseTo(0.8, 9);
    for (const always of [true, false]) {
      const depths = Array.from({ length: 300 }, (_, i) => (i % 3) * 10);
      const { demand, memory } = estimateDemand([{ depths, bought: depths.map(() => always) }]);
      for (const value of [...Object.values(demand), memory]) expect(Number.isFinite(value)).toBe(true);
    }
  });

  test("what tells customers apart does not pass for an effect of the depth, where it is known", () => {
    // those who buy seldom are offered most: without knowing who is who, offers seem to keep people away
    const sequences = Array.from({ length: 3_000 }, (_, customer) => {
      const seldom = customer % 2 === 0;
      const offset = seldom ? -1 : 1;
      const deep = Array.from({ length: 12 }, (__, epoch) => uniformAt(1, "deep", customer, epoch) < (seldom ? 0.9 : 0.1));
      const depths = deep.map((each) => (each ? 15 : 0));
      const bought = depths.map((depth, epoch) => uniformAt(1, "buys", customer, epoch) < sigmoid(-1 + offset + (4 * depth) / 100));
      return { depths, bought, offsets: depths.map(() => offset) };
    });
    const without = estimateDemand(sequences.map(({ depths, bought }) => ({ depths, bought }))).demand;
    expect(without.depthEffect + without.gain).toBeLessThan(1.5);
    const known = estimateDemand(sequences).demand;
    expect(Math.abs(known.depthEffect - 4)).toBeLessThan(1.2);
    expect(known.loss).toBeLessThan(3);
  });

  test("count a week of weight two as two such weeks", () => {
    const sequences = simulated(200, 10, truth, 0.7, [0, 20]);
    const twice = estimateDemand([...sequences, ...sequences]).demand;
    const weighed = estimateDemand(sequences.map((each) => ({ ...each, weights: each.depths.map(() => 2) }))).demand;
    for (const name of ["base", "depthEffect", "gain", "loss"] as const) expect(weighed[name]).toBeCloseTo(twice[name], 4);
  });

  test("are refused for sequences that do not fit, with what to do", () => {
    expect(() => estimateDemand([{ depths: [0, 10], bought: [true] }])).toThrow(/Sequence 0 has 2 depths and 1 outcomes/);
    expect(() => estimateDemand([{ depths: [NaN], bought: [true] }])).toThrow(/depth of NaN/);
    expect(() => estimateDemand([{ depths: [10], bought: [true], offsets: [1, 2] }])).toThrow(/2 offsets for 1 visits/);
    expect(() => estimateDemand([{ depths: [10], bought: [true], weights: [-1] }])).toThrow(/weight below 0/);
  });
});
