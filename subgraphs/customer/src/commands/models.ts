import type { SegmentsComparison } from "@kava/algorithms/segmentation/judgeSegments";
import { runModelCommand, type ModelsOfService } from "@kava/platform/models/modelCommand";
import type { Sql, Transaction } from "@kava/platform/database/sql";
import { MODEL_KINDS, type LifetimeComparison, type ModelKind } from "../domain/modelLife.js";
import { FitLifetimes } from "../jobs/fitLifetimes.js";
import { PlaceSegments, TrainSegments } from "../jobs/trainSegments.js";
import { rollBackLifetime } from "../storage/lifetimeStore.js";
import { listModels } from "../storage/modelLife.js";
import { rollBackSegments } from "../storage/serveSegments.js";
import { lifetimeTable, segmentsTable } from "./modelTable.js";

/** The models of a chain's customers, as `npm run models` lists, trains and rolls them back. */
export const CUSTOMER_MODELS: ModelsOfService<ModelKind> = {
  service: "customer",
  kinds: MODEL_KINDS,
  about: "The models of a chain's customers. The lifetime model says what a customer will be worth; the segments say who buys alike.",
  figures: `Gains are those over the model that was in service then, as a share of its loss (80 % interval); slope is the calibration of what was predicted, 1 is right; shift is
the population stability index of the feature that moved most since the model learned, above 0.25 much did.`,
  training: (kind, tenantId) => ({ job: kind === "lifetime" ? FitLifetimes : TrainSegments, input: { tenantId } }),
  show: (sql, tenantId, kinds) => showModels(sql, tenantId, kinds),
  rollBack: async (tx: Transaction, tenantId, kind, now) => {
    const { withdrawn, serving } = await (kind === "lifetime" ? rollBackLifetime(tx, tenantId, now) : rollBackSegments(tx, tenantId, now));
    return `model ${withdrawn} is withdrawn, ${serving === null ? "what other chains are like" : `model ${serving}, under a new number,`} is in service again`;
  },
  // customers are placed in the segments of before
  afterRollback: (kind, tenantId) => (kind === "segments" ? { job: PlaceSegments, input: { tenantId } } : null),
};

const showModels = async (sql: Sql, tenantId: string, kinds: readonly ModelKind[]): Promise<string> => {
  const tables = await Promise.all(
    kinds.map(async (kind) =>
      kind === "lifetime"
        ? lifetimeTable(await listModels<LifetimeComparison>(sql, kind, tenantId))
        : segmentsTable(await listModels<SegmentsComparison>(sql, kind, tenantId)),
    ),
  );
  return tables.join("\n");
};

if (import.meta.main) await runModelCommand(CUSTOMER_MODELS, process.argv.slice(2));
