import { defineJob, type Job } from "@kava/platform/bus/port";
import { Trainings, type Progress } from "@kava/platform/models/trainings";
import type { Platform } from "@kava/platform/service";
import { allItems } from "@kava/platform/views/items";
import { TenantView } from "@kava/platform/views/tenants";
import { z } from "zod";
import { verdictOnModel } from "../domain/promotion.js";
import { weeklySnapshots } from "../domain/responseExamples.js";
import { popularItems } from "../storage/decisionInputs.js";
import { latestVisit, sampleHistories } from "../storage/histories.js";
import { keepModel, modelInService } from "../storage/modelLife.js";
import type { Models } from "../storage/models.js";
import type { DecideAll } from "./decideAll.js";
import { fitApart } from "./fitApart.js";
import { servable } from "./servable.js";

/** `tenantId` null: every chain, in its daily turn. */
const Input = z.object({ tenantId: z.uuid().nullable(), thenDecide: z.boolean() });
type Input = z.infer<typeof Input>;

/** What the job is called and takes, for whoever asks for it. */
export const FitResponse = { name: "fit response", input: Input };

const DAY_MS = 86_400_000;
const WEEKS_BACK = 26;
/** Customers × moments × items make the rows: some 20,000 at most. */
const CUSTOMERS = 250;
/** Moments, a week apart, to learn from, and the latest ones, which judge. */
const LEARNED = 6;
const JUDGED = 2;
const POPULAR = 30;

/**
 * Fits the response model on history and puts it in service when, on the latest weeks, nothing speaks against it. Too little history leaves what is in
 * service: an earlier fit, or the prior.
 */
export const fitResponseJob = (platform: Platform, models: Models, decideAll: DecideAll): Job<Input> => {
  const { database, clock, logger } = platform;
  const { sql } = database;
  const trainings = new Trainings(sql, clock);

  /** What came of it, in words. */
  const fit = async (tenantId: string, progress: Progress): Promise<string> => {
    const now = clock();
    const latest = await latestVisit(sql, tenantId);
    if (!latest) return "there is no purchase yet to learn from";
    const end = latest < now ? latest : now; // an old import ends where its records end
    const [items, popular, histories, inService] = await Promise.all([
      allItems(sql, tenantId),
      popularItems(sql, tenantId, POPULAR),
      sampleHistories(sql, tenantId, new Date(end.getTime() - WEEKS_BACK * 7 * DAY_MS), CUSTOMERS),
      modelInService(sql, tenantId, "response"),
    ]);
    const prices = new Map(items.filter((item) => !item.retired && item.priceMinor > 0).map((item) => [item.id, item.priceMinor]));
    await progress({ step: "fitting", done: 0, total: 1 });
    const moments = weeklySnapshots(end, LEARNED + JUDGED);
    const fitted = await fitApart({
      histories,
      setting: { prices, popular },
      snapshots: { train: moments.slice(0, LEARNED), judge: moments.slice(LEARNED) },
      inService: servable("response", inService),
    });
    if (!fitted) return "too little history without offers to fit the response: the model in service stays";
    const version = `fitted-${now.toISOString()}`;
    const verdict = verdictOnModel(fitted.comparison);
    await database.transaction((tx) => keepModel(tx, tenantId, { kind: "response", version, fittedAt: now, ...fitted, verdict }));
    models.forget(tenantId);
    return verdict.promoted ? `${version} is in service` : `${version} was refused: ${verdict.reasons.join("; ")}`;
  };

  const job = defineJob<Input>({
    ...FitResponse,
    every: { ms: DAY_MS, input: { tenantId: null, thenDecide: false } },
    run: async ({ tenantId, thenDecide }) => {
      if (tenantId === null) {
        // each in a job of its own, under another key than that of a load, which decides afterwards: a history that cannot be fitted keeps no other chain waiting
        const queue = platform.bus.jobs(platform.name);
        for (const each of await new TenantView(sql).all())
          await queue.enqueue({ ...job, attempts: 1 }, { tenantId: each.tenantId, thenDecide }, { key: `${each.tenantId}.daily` });
        return;
      }
      await trainings.track(tenantId, "response", async (progress) => {
        const said = await fit(tenantId, progress);
        logger.info({ tenantId, said }, "the response was fitted");
        return said;
      });
      if (thenDecide) await decideAll.enqueue({ tenantId, trigger: "load" });
    },
  });
  return job;
};
