import type { Platform } from "@kava/platform/service";
import type { WorkerProgress } from "@kava/platform/worker";
import { beginTraining, endTraining, reportTraining } from "../storage/training.js";
import type { ModelKind } from "../storage/modelLife.js";

/** More often than this nobody needs to know. */
const TELL_MS = 500;

/**
 * Runs a training so that people can see how far it is (`npm run models -- train`). `train` returns what came of it, in words; what it throws is
 * kept as that.
 */
export const trainingOf = async (
  { database: { sql }, clock, logger }: Pick<Platform, "database" | "clock" | "logger">,
  tenantId: string,
  kind: ModelKind,
  train: (report: (progress: WorkerProgress) => void) => Promise<string>,
): Promise<void> => {
  await beginTraining(sql, tenantId, kind, clock());
  let toldAt = 0;
  let step = "";
  const report = (progress: WorkerProgress): void => {
    const now = clock();
    if (progress.step === step && now.getTime() - toldAt < TELL_MS) return;
    [step, toldAt] = [progress.step, now.getTime()];
    void reportTraining(sql, tenantId, kind, progress, now).catch((error: unknown) =>
      logger.warn({ err: error, tenantId, kind }, "how far a training is could not be told"),
    );
  };
  try {
    await endTraining(sql, tenantId, kind, await train(report), clock());
  } catch (error) {
    await endTraining(sql, tenantId, kind, `failed: ${error instanceof Error ? error.message : String(error)}`, clock());
    throw error;
  }
};
