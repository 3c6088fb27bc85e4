import { defineJob, type Job } from "@kava/platform/bus/port";
import { inTheBackground, Trainings, type Progress } from "@kava/platform/models/trainings";
import type { Platform } from "@kava/platform/service";
import { TenantView } from "@kava/platform/views/tenants";
import type { TenantFacts } from "@kava/contracts/tenant";
import { z } from "zod";
import { LEAST_WINDOW_DAYS } from "../domain/outcomeWindow.js";
import { lastWeekSince } from "../domain/fitUplift.js";
import type { Outcome } from "../domain/outcome.js";
import { BUDGET_SHARE } from "../domain/policy.js";
import { losesAgainstHoldout, verdictOnUplift } from "../domain/promotion.js";
import { FIRST_ID } from "../storage/affectedOffers.js";
import { keepMultiplier, turnoverADay } from "../storage/budget.js";
import { marginsAgainstHoldout } from "../storage/holdoutMargins.js";
import { keepModel, modelInService, rollBack, servingSince } from "../storage/modelLife.js";
import type { Models } from "../storage/models.js";
import { countDraws, outcomesAfter, sampleFor } from "../storage/outcomes.js";
import { fitUpliftApart } from "./fitUpliftApart.js";
import { servable } from "./servable.js";

/** `tenantId` null: every chain, in its daily turn. */
const Input = z.object({ tenantId: z.uuid().nullable() });
type Input = z.infer<typeof Input>;

/** What the job is called and takes, for whoever asks for it. */
export const FitUplift = { name: "fit uplift", input: Input };

const DAY_MS = 86_400_000;
/** What customers did longer ago says little of what they do now. */
const WEEKS_BACK = 40;
const PAGE = 2_000;
/** Of a longer log a sample is learned from: the worker's memory is finite, and so is a night. */
const MOST_ROWS = 80_000;

/**
 * Learns what depths change from the draws whose outcome is known, and puts it in service when, on the latest of them, nothing speaks against it. Offers that
 * surely cost more than they bring, beside the holdout, take the model in service out of it.
 */
export const fitUpliftJob = (platform: Platform, models: Models): Job<Input> => {
  const { database, clock, logger } = platform;
  const { sql } = database;
  const trainings = new Trainings(sql, clock);

  const withdrawIfLosing = async (tenantId: string, facts: TenantFacts): Promise<string | null> => {
    const now = clock();
    const since = await servingSince(sql, tenantId, "uplift");
    // what was sold before is not the doing of what serves now
    if (!since || now.getTime() - since.getTime() < LEAST_WINDOW_DAYS * DAY_MS) return null;
    const measured = await marginsAgainstHoldout(sql, tenantId, facts, now, LEAST_WINDOW_DAYS);
    if (!measured || !losesAgainstHoldout(measured)) return null;
    const { withdrawn, serving } = await database.transaction((tx) => rollBack(tx, tenantId, "uplift", now));
    models.forget(tenantId);
    logger.error(
      { tenantId, withdrawn, serving, measured },
      "customers with offers earn less than the holdout: the uplift model was withdrawn",
    );
    return `customers with offers earn less than the holdout (${measured.difference.toFixed(1)} of ${measured.holdoutMargin.toFixed(1)}): ${withdrawn} is withdrawn, ${serving ?? "no uplift model"} serves`;
  };

  const fit = async (tenantId: string, facts: TenantFacts, progress: Progress): Promise<string> => {
    const now = clock();
    const withdrawn = await withdrawIfLosing(tenantId, facts);
    if (withdrawn) return withdrawn;
    const outcomes = await readOutcomes(tenantId, facts, now, progress);
    const [response, inService, turnover] = await Promise.all([
      modelInService(sql, tenantId, "response"),
      modelInService(sql, tenantId, "uplift"),
      turnoverADay(sql, tenantId, now, LEAST_WINDOW_DAYS),
    ]);
    const targetMinor = BUDGET_SHARE * turnover;
    const steps = inTheBackground(progress);
    const fitted = await fitUpliftApart(
      {
        outcomes,
        facts,
        response: servable("response", response),
        inService: servable("uplift", inService),
        weeklyBudgetMinor: 7 * targetMinor * (await shareOfLastWeek(tenantId, outcomes)),
      },
      steps.note,
    );
    await steps.settled();
    if (fitted.kind === "tooLittle") return `nothing is claimed of depths: ${fitted.reason}`;
    const { model, games, comparison, multiplier } = fitted;
    const version = `uplift-${now.toISOString()}`;
    const verdict = verdictOnUplift(comparison);
    await database.transaction(async (tx) => {
      await keepModel(tx, tenantId, { kind: "uplift", version, fittedAt: now, model, games, comparison, verdict });
      if (verdict.promoted) await keepMultiplier(tx, tenantId, { multiplier, spendMinor: targetMinor, targetMinor }, now);
    });
    models.forget(tenantId);
    return verdict.promoted ? `${version} is in service` : `${version} was refused: ${verdict.reasons.join("; ")}`;
  };

  const readOutcomes = async (tenantId: string, facts: TenantFacts, now: Date, progress: Progress): Promise<Outcome[]> => {
    const since = new Date(now.getTime() - WEEKS_BACK * 7 * DAY_MS);
    const sample = await sampleFor(sql, tenantId, since, MOST_ROWS);
    const outcomes: Outcome[] = [];
    for (let after = { decidedAt: since, customerId: FIRST_ID }; ;) {
      const page = await outcomesAfter(sql, tenantId, facts, now, after, PAGE, sample);
      outcomes.push(...page);
      await progress({ step: "reading outcomes", done: outcomes.length, total: outcomes.length });
      const last = page.at(-1);
      if (!last || page.length < PAGE) return outcomes;
      after = last;
    }
  };

  /** Which share of the last week's draws was read: the others spend of the same budget, though they are not in the sample or not known yet. */
  const shareOfLastWeek = async (tenantId: string, outcomes: readonly Outcome[]): Promise<number> => {
    const latest = outcomes.at(-1)?.decidedAt;
    if (!latest) return 1;
    const since = lastWeekSince(latest);
    const known = outcomes.filter(({ decidedAt }) => decidedAt > since).length;
    return known / Math.max(known, await countDraws(sql, tenantId, since, latest));
  };

  const job = defineJob<Input>({
    ...FitUplift,
    every: { ms: DAY_MS, input: { tenantId: null } },
    run: async ({ tenantId }) => {
      const chains = await new TenantView(sql).all();
      if (tenantId === null) {
        // each in a job of its own: a log that cannot be learned from keeps no other chain waiting. Its next turn is tomorrow
        const queue = platform.bus.jobs(platform.name);
        for (const each of chains) await queue.enqueue({ ...job, attempts: 1 }, { tenantId: each.tenantId }, { key: each.tenantId });
        return;
      }
      const chain = chains.find((each) => each.tenantId === tenantId);
      if (!chain) return;
      await trainings.track(tenantId, "uplift", async (progress) => {
        const said = await fit(tenantId, chain.facts, progress);
        logger.info({ tenantId, said }, "what depths change was looked at");
        return said;
      });
    },
  });
  return job;
};
