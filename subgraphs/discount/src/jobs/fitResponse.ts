import { defineJob, type Job } from "@kava/platform/bus/port";
import type { Platform } from "@kava/platform/service";
import { allItems } from "@kava/platform/views/items";
import { TenantView } from "@kava/platform/views/tenants";
import { z } from "zod";
import { fitModel } from "../domain/fitModel.js";
import { weeklySnapshots } from "../domain/responseExamples.js";
import { popularItems } from "../storage/decisionInputs.js";
import { latestVisit, sampleHistories } from "../storage/histories.js";
import type { Models } from "../storage/models.js";
import type { DecideAll } from "./decideAll.js";

/** `tenantId` null: every chain, in its daily turn. */
const Input = z.object({ tenantId: z.uuid().nullable(), thenDecide: z.boolean() });
type Input = z.infer<typeof Input>;

const DAY_MS = 86_400_000;
const WEEKS_BACK = 26;
/** Customers × moments × items make the rows: some 18,000 at most, which a fit takes in tens of milliseconds, so that no request waits for long. */
const CUSTOMERS = 250;
const SNAPSHOTS = 6;
const POPULAR = 30;

/** Fits the response model on history. Too little history leaves what is in service: an earlier fit, or the prior. */
export const fitResponseJob = (platform: Platform, models: Models, decideAll: DecideAll): Job<Input> => {
  const {
    database: { sql },
    clock,
    logger,
  } = platform;

  const fit = async (tenantId: string): Promise<void> => {
    const now = clock();
    const latest = await latestVisit(sql, tenantId);
    if (!latest) return;
    const end = latest < now ? latest : now; // an old import ends where its records end
    const [items, popular, histories] = await Promise.all([
      allItems(sql, tenantId),
      popularItems(sql, tenantId, POPULAR),
      sampleHistories(sql, tenantId, new Date(end.getTime() - WEEKS_BACK * 7 * DAY_MS), CUSTOMERS),
    ]);
    const prices = new Map(items.filter((item) => !item.retired && item.priceMinor > 0).map((item) => [item.id, item.priceMinor]));
    const model = fitModel(histories, { prices, popular, snapshots: weeklySnapshots(end, SNAPSHOTS) });
    if (!model)
      return logger.info(
        { tenantId, customers: histories.length },
        "too little history without offers to fit the response: the model in service stays",
      );
    const version = `fitted-${now.toISOString()}`;
    await models.keep(sql, tenantId, version, now, model);
    logger.info({ tenantId, version, customers: histories.length }, "response model fitted");
  };

  return defineJob<Input>({
    name: "fit response",
    input: Input,
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
