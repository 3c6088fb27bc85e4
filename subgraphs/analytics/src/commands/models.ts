import { runModelCommand, type ModelsOfService } from "@kava/platform/models/modelCommand";
import { LearnPreferences, TASTES } from "../jobs/learnPreferences.js";
import { RankEveryone } from "../jobs/rankEveryone.js";
import { listModels, rollBack } from "../storage/modelLife.js";
import { modelTable } from "./modelTable.js";

/** The models of what customers like, as `npm run models` lists, trains and rolls them back. */
export const ANALYTICS_MODELS: ModelsOfService<typeof TASTES> = {
  service: "analytics",
  kinds: [TASTES],
  about: `The models of what a chain's customers like: recommendations are ranked by them. One is learned when enough was bought, and serves when it is no worse than the one in
service on baskets that neither has seen.`,
  figures: `HR@5 is the share of customers whose next basket held one of the first five. Gains are those over the model that was in service then, in nats a basket (80 % interval); slope is
the calibration of the chances, 1 is right; shift is the population stability index of what is bought, above 0.25 much has changed. After a rollback everyone's list is made anew.`,
  training: (_kind, tenantId) => ({ job: LearnPreferences, input: { tenantId, afterLoad: false } }),
  show: async (sql, tenantId) => modelTable(await listModels(sql, tenantId)),
  rollBack: async (tx, tenantId, _kind, now) => {
    const { withdrawn, serving } = await rollBack(tx, tenantId, now);
    const [old, back] = [withdrawn, serving].map((at) => at.toISOString().slice(0, 16).replace("T", " "));
    return `the tastes of ${old} are withdrawn, those of ${back} are in service again`;
  },
  afterRollback: (_kind, tenantId) => ({ job: RankEveryone, input: { tenantId } }),
};

if (import.meta.main) await runModelCommand(ANALYTICS_MODELS, process.argv.slice(2));
