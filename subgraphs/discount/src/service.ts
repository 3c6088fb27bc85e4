import type { SubgraphDefinition } from "@kava/platform/service";
import { observeShifts } from "@kava/platform/models/shiftGauge";
import { TenantView } from "@kava/platform/views/tenants";
import { Affinities } from "./deciding/Affinities.js";
import { Decider } from "./deciding/Decider.js";
import { Deciding } from "./deciding/Deciding.js";
import { Popularity } from "./deciding/Popularity.js";
import { effectsOf } from "./effects/effects.js";
import { contextOf } from "./graphql/context.js";
import { buildSchema } from "./graphql/schema.js";
import { adjustBudgetJob } from "./jobs/adjustBudget.js";
import { decideAllJob } from "./jobs/decideAll.js";
import { decideOfferedJob } from "./jobs/decideOffered.js";
import { fitResponseJob } from "./jobs/fitResponse.js";
import { fitUpliftJob } from "./jobs/fitUplift.js";
import { loadersOf } from "./jobs/loaders.js";
import { Progress } from "./jobs/progress.js";
import { expireOffersJob, sweepLapsedJob } from "./jobs/sweep.js";
import { OfferEntity, QuoteEntity } from "./storage/entities.js";
import { computeFeatures } from "./storage/loadPurchases.js";
import { DISCOUNT_MIGRATIONS } from "./storage/migrations.js";
import { shiftsInService } from "./storage/modelLife.js";
import { Models } from "./storage/models.js";
import { Offers } from "./storage/offers.js";
import { Quotes } from "./storage/quotes.js";

/** The whole discount service, wired. */
export const discountSubgraph: SubgraphDefinition = {
  name: "discount",
  entities: [OfferEntity, QuoteEntity],
  migrations: DISCOUNT_MIGRATIONS,
  build: async (platform) => {
    const { database, bus, logger, clock, metrics } = platform;
    const { schema } = await buildSchema();
    const [models, popularity, progress, tenants] = [
      new Models(logger),
      new Popularity(database.sql, logger),
      new Progress(),
      new TenantView(database.sql),
    ];
    const decider = new Decider(models, popularity);
    const deciding = new Deciding(platform, decider);
    const decideAll = decideAllJob(platform, deciding, popularity, progress);
    const decideOffered = decideOfferedJob(platform, deciding);
    const fitResponse = fitResponseJob(platform, models, decideAll);
    const queue = bus.jobs("discount");
    observeShifts(metrics, tenants, () => shiftsInService(database.sql));
    return {
      schema,
      context: contextOf({
        database,
        tenants,
        offers: new Offers(database),
        quotes: new Quotes(database),
        affinities: new Affinities(database.sql, models, popularity),
      }),
      effects: effectsOf({ platform, tenants, decider, deciding, decideAll, decideOffered }),
      consumeConcurrency: 4, // each holds a connection of the pool; the others are for requests and jobs
      jobs: [
        decideAll.job,
        decideOffered.job,
        fitResponse,
        fitUpliftJob(platform, models),
        adjustBudgetJob(platform, models),
        expireOffersJob(platform, deciding),
        sweepLapsedJob(platform, deciding),
      ],
      loaders: loadersOf(database, clock),
      finishLoading: async (tenantId) => {
        await computeFeatures(database.sql, tenantId, clock());
        await queue.enqueue(fitResponse, { tenantId, thenDecide: true }, { key: tenantId });
      },
      loadStatus: async (tenantId) => {
        const working = (await queue.pending(fitResponse.name)) + (await queue.pending(decideAll.job.name)) > 0;
        if (working) return { ...progress.of(tenantId), state: "working" };
        const why = (await queue.whyGivenUp(fitResponse.name, tenantId)) ?? (await decideAll.whyGivenUp({ tenantId, trigger: "load" }));
        return why === null ? { state: "idle" } : { state: "failed", step: `offers: ${why}` };
      },
    };
  },
};
