import { defineJob, type Job } from "@kava/platform/bus/port";
import { inTheBackground, Trainings, type Progress } from "@kava/platform/models/trainings";
import type { Platform } from "@kava/platform/service";
import type { TenantView } from "@kava/platform/views/tenants";
import { runInWorker } from "@kava/platform/worker";
import { z } from "zod";
import { MOST_CUSTOMERS } from "../storage/clickhouse/histories.js";
import { keepModel } from "../storage/modelLife.js";
import type { Stores } from "../storage/stores.js";
import type { Batcher } from "./batcher.js";
import { explainBy, keepLists, keepPopular, rankInput, type Explain } from "./keepLists.js";
import type { LearnInput, LearnOutput } from "./learner.js";

const Input = z.object({ tenantId: z.uuid(), afterLoad: z.boolean().default(false) });
/** What the model is called, where models are listed. */
export const TASTES = "tastes";
export const LearnPreferences = { name: "learn-preferences", input: Input };

export interface LearningParts {
  platform: Pick<Platform, "database" | "clock" | "logger" | "wakeOutbox">;
  stores: Stores;
  batcher: Batcher;
  tenants: TenantView;
}

/** A worker holds the histories, the model in service, the new one and its trial. */
const MEMORY_MB = 2_048;

/**
 * Learns everything anew: rules, similar items, popularity, how habit counts, and every customer's list. Computed and judged in a worker; it goes
 * into service only when nothing speaks against it on what came later, and then in small transactions, so that neither requests nor events wait.
 */
export const learnPreferences = (parts: LearningParts): Job<z.infer<typeof Input>> =>
  defineJob({
    ...LearnPreferences,
    run: ({ tenantId, afterLoad }, progress) => {
      const { platform } = parts;
      return new Trainings(platform.database.sql, platform.clock).track(
        tenantId,
        TASTES,
        (step) => learnNow(parts, tenantId, afterLoad, step),
        async ({ done, total }) => progress(done, total),
      );
    },
  });

/** Returns what came of it, in words. */
const learnNow = async (parts: LearningParts, tenantId: string, afterLoad: boolean, progress: Progress): Promise<string> => {
  const { platform, stores, batcher } = parts;
  const began = platform.clock();
  const covered = await stores.changes.oldest(tenantId, MOST_CUSTOMERS);
  await batcher.flush();
  const purchases = await stores.histories.purchases(tenantId);
  if (purchases === 0) return "nothing was bought yet";
  const input = await learnInput(parts, tenantId, purchases);
  const learned = await learnApart(input, progress);
  const explain = explainBy(input, learned.model.items);
  const changed = await putInService(parts, { tenantId, afterLoad, purchases, learned, explain });
  const { promoted, reasons } = learned.verdict;
  // a refused model has ranked nobody: who bought since is left to the next refresh
  if (promoted) await stores.changes.settle(platform.database.sql, tenantId, covered);
  const seconds = (platform.clock().getTime() - began.getTime()) / 1000;
  platform.logger.info({ tenantId, purchases, changed, ...told(learned), seconds }, promoted ? LEARNED : REFUSED);
  return [promoted ? LEARNED : REFUSED, ...reasons].join("; ");
};

const LEARNED = "preferences learned";
const REFUSED = "preferences learned and refused: the model in service stays";

const told = ({ model: { lambda, weights, habits, rules }, ranked, comparison, shift, verdict }: LearnOutput): object => ({
  customers: ranked?.lists.customerIds.length ?? 0,
  rules: rules.length,
  lambda,
  weights,
  habits: { ...habits, usual: undefined },
  comparison,
  shift,
  reasons: verdict.reasons,
});

const learnInput = async (parts: LearningParts, tenantId: string, purchases: number): Promise<LearnInput> => {
  const served = await parts.stores.models.of(tenantId);
  return {
    ...(await rankInput(parts, tenantId)),
    given: null,
    purchases,
    // what learned up to a moment that is not known has nothing after it
    inService: served && { model: served.model, purchases: served.purchases, through: served.through?.getTime() ?? Infinity },
  };
};

const learnApart = async (input: LearnInput, progress: Progress): Promise<LearnOutput> => {
  const steps = inTheBackground(progress);
  const entry = new URL("./learner.js", import.meta.url);
  const learned = await runInWorker<LearnOutput>(entry, input, { memoryMb: MEMORY_MB, onProgress: steps.note });
  await steps.settled();
  return learned;
};

interface Service {
  tenantId: string;
  afterLoad: boolean;
  purchases: number;
  learned: LearnOutput;
  explain: Explain;
}

/** Model, rules and what is popular first, in one transaction; then the customers' lists. Returns how many lists became another. */
const putInService = async (parts: LearningParts, { tenantId, afterLoad, purchases, learned, explain }: Service): Promise<number> => {
  const { platform, stores } = parts;
  const { model, comparison, shift, verdict, ranked } = learned;
  const learnedAt = platform.clock();
  const version = Math.max(learnedAt.getTime(), (await stores.models.newestNumber(tenantId)) + 1);
  const through = learned.through === null ? null : new Date(learned.through);
  await platform.database.transaction(async (tx) => {
    await keepModel(tx, tenantId, { version, learnedAt, purchases, through, model, comparison, shift, verdict });
    if (ranked) await keepPopular(parts, tx, { tenantId, version, popular: ranked.popular, explain });
  });
  return ranked ? keepLists(parts, { tenantId, afterLoad, version, at: learnedAt, lists: ranked.lists, explain }) : 0;
};
