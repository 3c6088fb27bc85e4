import { defineJob, type Job } from "@kava/platform/bus/port";
import type { Platform } from "@kava/platform/service";
import { allItems } from "@kava/platform/views/items";
import { TenantView } from "@kava/platform/views/tenants";
import { z } from "zod";
import { serveModel } from "../domain/fitModel.js";
import { verdictOnModel } from "../domain/promotion.js";
import { weeklySnapshots } from "../domain/responseExamples.js";
import { popularItems } from "../storage/decisionInputs.js";
import { latestVisit, sampleHistories } from "../storage/histories.js";
import { keepModel, modelInService } from "../storage/modelLife.js";
import type { Models } from "../storage/models.js";
import type { DecideAll } from "./decideAll.js";
import { fitApart } from "./fitApart.js";

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

  const fit = async (tenantId: string): Promise<void> => {
    const now = clock();
    const latest = await latestVisit(sql, tenantId);
    if (!latest) return;
    const end = latest < now ? latest : now; // an old import ends where its records end
    const [items, popular, histories, inService] = await Promise.all([
      allItems(sql, tenantId),
      popularItems(sql, tenantId, POPULAR),
      sampleHistories(sql, tenantId, new Date(end.getTime() - WEEKS_BACK * 7 * DAY_MS), CUSTOMERS),
      modelInService(sql, tenantId),
    ]);
    const prices = new Map(items.filter((item) => !item.retired && item.priceMinor > 0).map((item) => [item.id, item.priceMinor]));
    const moments = weeklySnapshots(end, LEARNED + JUDGED);
    const fitted = await fitApart({
      histories,
      setting: { prices, popular },
      snapshots: { train: moments.slice(0, LEARNED), judge: moments.slice(LEARNED) },
      inService: inService && canServe(inService) ? inService.model : null,
    });
    if (!fitted)
      return logger.info(
        { tenantId, customers: histories.length },
        "too little history without offers to fit the response: the model in service stays",
      );
    const version = `fitted-${now.toISOString()}`;
    const verdict = verdictOnModel(fitted.comparison);
    await database.transaction((tx) => keepModel(tx, tenantId, { version, fittedAt: now, ...fitted, verdict }));
    models.forget(tenantId);
    const said = { tenantId, version, customers: histories.length, comparison: fitted.comparison };
    if (verdict.promoted) logger.info(said, "a response model was fitted and is in service");
    else logger.info({ ...said, reasons: verdict.reasons }, "a response model was fitted and refused: the model in service stays");
  };

  return defineJob<Input>({
    ...FitResponse,
    every: { ms: DAY_MS, input: { tenantId: null, thenDecide: false } },
    run: async ({ tenantId, thenDecide }) => {
      const tenantIds = tenantId ? [tenantId] : (await new TenantView(sql).all()).map((each) => each.tenantId);
      for (const each of tenantIds) {
        await fit(each);
        if (thenDecide) await decideAll.enqueue({ tenantId: each, trigger: "load" });
      }
    },
  });
};

/** Whether this code still serves it; else the prior does, and that is what a new one is compared with. */
const canServe = ({ version, model }: { version: string; model: object }): boolean => {
  try {
    return Boolean(serveModel(version, model));
  } catch {
    return false;
  }
};
