import { updatedMultiplier } from "@kava/algorithms/policy/budget";
import { defineJob, type Job } from "@kava/platform/bus/port";
import type { Platform } from "@kava/platform/service";
import { TenantView } from "@kava/platform/views/tenants";
import { z } from "zod";
import { LEAST_WINDOW_DAYS } from "../domain/outcomeWindow.js";
import { BUDGET_SHARE } from "../domain/policy.js";
import { expectedSpend, keepMultiplier, multiplierOf, turnoverADay } from "../storage/budget.js";
import { modelInService } from "../storage/modelLife.js";
import type { Models } from "../storage/models.js";

const Nothing = z.object({});
type Nothing = z.infer<typeof Nothing>;

const DAY_MS = 86_400_000;
/** A day that costs twice what it may moves λ by so much. */
const STEP = 0.5;
/** It falls by no more than `STEP` a day: what a day of little turnover raised without a bound would not come down again. */
const MOST_OVERSPENT = 3;

/**
 * Moves λ of each chain once a day by what its new offers are expected to give away beside what they may. Not while nothing was measured: rung 0 has a
 * budget of its own for exploring and no deep offers.
 */
export const adjustBudgetJob = ({ database: { sql }, clock }: Platform, models: Models): Job<Nothing> =>
  defineJob<Nothing>({
    name: "adjust budget",
    input: Nothing,
    every: { ms: DAY_MS, input: {} },
    run: async () => {
      for (const { tenantId } of await new TenantView(sql).all()) {
        if (!(await modelInService(sql, tenantId, "uplift"))) continue;
        const now = clock();
        const spendMinor = await expectedSpend(sql, tenantId, now);
        const targetMinor = BUDGET_SHARE * (await turnoverADay(sql, tenantId, now, LEAST_WINDOW_DAYS));
        if (targetMinor === 0) continue;
        const before = await multiplierOf(sql, tenantId);
        const spend = Math.min(spendMinor, MOST_OVERSPENT * targetMinor);
        const multiplier = updatedMultiplier(before, { spend, target: targetMinor, step: STEP / targetMinor });
        await keepMultiplier(sql, tenantId, { multiplier, spendMinor, targetMinor }, now);
        models.forget(tenantId);
      }
    },
  });
