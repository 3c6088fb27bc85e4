import { pairedDifference } from "@kava/simulator/comparison/comparePolicies";
import type { Interval } from "@kava/simulator/comparison/studentInterval";
import { learners } from "../policies/learners.js";
import { upliftWithoutGame } from "../policies/upliftPolicy.js";
import { responseRanked } from "../policies/responseRanked.js";
import type { ComparedWorld } from "./policyFindings.js";

/** The policy that is judged. */
export const whole = learners.at(-1)!.name;

/** Something that the whole policy should reach in a kind of world. */
export interface Aim {
  readonly world: string;
  readonly words: string;
  /** What was found, with its 95 % interval over worlds. */
  readonly found: Interval;
  readonly unit: "margin a customer" | "% of margin";
  readonly holds: boolean;
}

/** Most that offers may cost where nobody should be given any, percent of the margin without. */
const mostLoss = 1;

/** Those whom it must be above, by kind of world. */
const rivals: Readonly<Record<string, readonly string[]>> = {
  mixed: ["none", "best uniform", responseRanked.name],
  waiters: ["none", "best uniform", responseRanked.name, upliftWithoutGame.name],
};

/** Whether the whole policy reaches what it should; nothing for worlds that come from a file. */
export const aimsOf = (world: ComparedWorld): Aim[] => {
  const { name, comparison } = world;
  if (name === "calm") {
    const found = comparison.policies.find(({ policy }) => policy === whole)!.percentOfNone;
    return [
      {
        world: name,
        words: `loses at most ${mostLoss} % against no offers`,
        found,
        unit: "% of margin",
        holds: found.low >= -mostLoss,
      },
    ];
  }
  return (rivals[name] ?? []).map((rival) => {
    const found = wholeLess(world, rival);
    return { world: name, words: `earns more than ${rival}`, found, unit: "margin a customer", holds: found.low > 0 };
  });
};

/** What the whole earned more than another, on the same luck. */
export const wholeLess = ({ comparison: { policies, marginsByPolicy } }: ComparedWorld, other: string): Interval => {
  const margins = (name: string): readonly number[] => marginsByPolicy[policies.findIndex(({ policy }) => policy === name)]!;
  return pairedDifference(margins(whole), margins(other));
};
