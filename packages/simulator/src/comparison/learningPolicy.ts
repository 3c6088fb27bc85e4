import type { Policy, ShopView } from "../policies.js";
import type { Rules } from "./rules.js";
import type { WarmUpLog } from "./warmUpLog.js";

/** A policy that is learned: it sees the log of the warm-up and, day by day, what a shop sees; never the truth. */
export interface LearningPolicy {
  /** As it stands in the table, e.g. "best uniform". */
  readonly name: string;
  /** @param seed root of the policy's own draws (exploration); the luck of customers does not depend on it */
  learn(log: WarmUpLog, rules: Rules, seed: number): Policy;
}

export type { Policy, Rules, ShopView, WarmUpLog };
