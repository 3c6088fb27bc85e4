import type { Policy } from "../policies.js";
import type { Rules } from "./rules.js";

/**
 * A policy held to the rules, whatever it proposes: no customer of the holdout, the frequency cap, permitted depths only (the next
 * shallower one is sent instead), nothing while the budget is overspent. The budget counts from the policy's first day.
 */
export function withinRules(policy: Policy, rules: Rules, holdout: Uint8Array): Policy {
  const lastSent = new Float64Array(holdout.length).fill(-Infinity);
  let turnover = 0;
  let given = 0;
  return (view, proposed) => {
    turnover += sum(view.listYesterday);
    given += sum(view.discountYesterday);
    policy(view, proposed);
    const overspent = given > rules.budgetShare * turnover;
    for (let customer = 0; customer < view.size; customer++) {
      const early = view.day < lastSent[customer]! + rules.offerEveryDays;
      const refused = overspent || early || holdout[customer] === 1 || view.reachable[customer] === 0;
      proposed[customer] = refused ? 0 : permitted(proposed[customer]!, rules.depths);
      if (proposed[customer]! > 0) lastSent[customer] = view.day;
    }
  };
}

function permitted(depth: number, depths: readonly number[]): number {
  let best = 0;
  for (const allowed of depths) if (allowed <= depth + 1e-9) best = allowed;
  return best;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
