import { each } from "@kava/platform/events/inbox";
import { signToken } from "@kava/platform/identity/tokens";
import { readSigningKey, type SigningKey } from "@kava/platform/identity/keys";
import { observeShifts } from "@kava/platform/models/shiftGauge";
import type { Platform, Subgraph, SubgraphDefinition } from "@kava/platform/service";
import { keepItem } from "@kava/platform/views/items";
import { TenantView } from "@kava/platform/views/tenants";
import type { CustomerConfig } from "./config.js";
import { extendContext, type GraphServices } from "./graphql/context.js";
import { buildSchema } from "./graphql/schema.js";
import { addTenantRoutes } from "./http/tenantRoutes.js";
import { finishLoadJob, type FinishSteps } from "./jobs/finishLoad.js";
import { fitLifetimeApart } from "./jobs/fitLifetimeApart.js";
import { fitLifetimesJob, reviewLifetimesJob } from "./jobs/fitLifetimes.js";
import { makePartitionsJob } from "./jobs/makePartitions.js";
import { reviewSegmentsJob } from "./jobs/reviewSegments.js";
import { trainApart } from "./jobs/trainApart.js";
import { placeSegmentsJob, trainSegmentsJob } from "./jobs/trainSegments.js";
import { finishBatch } from "./storage/finishBatch.js";
import { rebuildHabits } from "./storage/rebuildHabits.js";
import { CustomerEntity } from "./storage/customerEntity.js";
import { CustomerStore } from "./storage/customerStore.js";
import { LifetimeStore } from "./storage/lifetimeStore.js";
import { awaitCompletion, failedBatches, loadStatus, reportFailure, reportStep, unfinishedBatches } from "./storage/loadBatches.js";
import { customerLoader } from "./storage/loadCustomers.js";
import { purchaseLoader } from "./storage/loadPurchases.js";
import { MIGRATIONS } from "./storage/migrations/migrations.js";
import { shiftsInService } from "./storage/modelLife.js";
import { Partitions } from "./storage/partitions.js";
import { PurchaseStore } from "./storage/purchaseStore.js";
import { SegmentTraining } from "./storage/segmentTraining.js";
import { SegmentationStore } from "./storage/segmentationStore.js";
import { TenantStore } from "./storage/tenantStore.js";
import { Trainings } from "@kava/platform/models/trainings";
import { keepVenue } from "./storage/venueView.js";

const TOKEN_SECONDS = 3_600;

/** The customer subgraph: who the customers are, what they bought, and which segment they are in. */
export const createCustomerSubgraph = (config: CustomerConfig): SubgraphDefinition => ({
  name: "customer",
  entities: [CustomerEntity],
  migrations: MIGRATIONS,
  build: (platform) => build(platform, config),
});

/** What the subgraph is made of; each part is constructed once. */
const assemble = (platform: Platform) => {
  const { database, cache, clock } = platform;
  const wakeOutbox = () => platform.wakeOutbox();
  const tenants = new TenantView(database.sql);
  const segmentations = new SegmentationStore(database, cache);
  const partitions = new Partitions(database);
  const trainings = new Trainings(database.sql, clock);
  return {
    ...platform,
    tenants,
    segmentations,
    partitions,
    wakeOutbox,
    tenantStore: new TenantStore(database, tenants, wakeOutbox),
    customers: new CustomerStore(database, segmentations, wakeOutbox),
    purchases: new PurchaseStore({ database, tenants, partitions, segmentations, wakeOutbox }),
    lifetimes: new LifetimeStore({ database, tenants, trainings, fit: fitLifetimeApart, clock }),
    training: new SegmentTraining({ database, tenants, segmentations, trainings, fit: trainApart, clock, wakeOutbox }),
  };
};
type Parts = ReturnType<typeof assemble>;

const build = async (platform: Platform, config: CustomerConfig): Promise<Subgraph> => {
  const parts = assemble(platform);
  const { clock, tenants, tenantStore, segmentations, customers, purchases, partitions, lifetimes } = parts;
  const key = await readSigningKey(config.signingKeyFile);
  await partitions.makeAhead(clock());
  await tenantStore.ensure(config.defaultTenant, clock());
  observeShifts(platform.metrics, tenants, () => shiftsInService(platform.database.sql));
  const { schema } = await buildSchema();
  return {
    schema,
    context: extendContext({
      customers,
      purchases,
      segments: segmentations,
      lifetimes,
      currencyOf: (tenantId) => tenants.required(tenantId),
      issueToken: tokenIssuer(key),
    }),
    effects: {
      "menu.item.priced": each(async (event, tx) => void (await keepItem(tx, event))),
      "menu.venue.changed": each((event, tx) => keepVenue(tx, event)),
    },
    ...jobsAndLoading(parts),
    routes: (app) => {
      app.get("/.well-known/jwks.json", async () => ({ keys: [key.publicJwk] }));
      addTenantRoutes(app, tenantStore, clock);
    },
  };
};

const jobsAndLoading = (parts: Parts): Pick<Subgraph, "jobs" | "loaders" | "finishLoading" | "loadStatus" | "start"> => {
  const { database, bus, clock, tenants, training, partitions, segmentations, lifetimes } = parts;
  const finishLoad = finishLoadJob(finishSteps(parts));
  const jobs = bus.jobs("customer");
  const finish = async (batches: readonly { tenantId: string; batchId: string }[]) => {
    for (const batch of batches) {
      await awaitCompletion(database.sql, batch.tenantId, batch.batchId);
      await jobs.enqueue(finishLoad, batch, { key: `${batch.tenantId}.${batch.batchId}` });
    }
  };
  const tenantIds = async () => (await tenants.all()).map((tenant) => tenant.tenantId);
  const reviewSegments = reviewSegmentsJob({
    tenantIds,
    due: (tenantId) => training.due(tenantId),
    train: (tenantId) => training.train(tenantId),
    place: (tenantId) => training.place(tenantId),
  });
  return {
    jobs: [
      makePartitionsJob(partitions, clock),
      finishLoad,
      reviewSegments,
      reviewLifetimesJob({ tenantIds, isDue: (tenantId) => lifetimes.isDue(tenantId), fit: (tenantId) => lifetimes.fit(tenantId) }),
      fitLifetimesJob((tenantId, progress) => lifetimes.fit(tenantId, progress)),
      trainSegmentsJob((tenantId, progress) => training.train(tenantId, progress)),
      placeSegmentsJob((tenantId, progress) => training.place(tenantId, progress)),
    ],
    loaders: { customers: customerLoader(database, segmentations, clock), purchases: purchaseLoader(database, partitions, clock) },
    // one that was given up is tried again with the next
    finishLoading: async (tenantId, batchId) => finish([{ tenantId, batchId }, ...(await failedBatches(database.sql, tenantId))]),
    loadStatus: async (tenantId) => {
      const retried = (await jobs.pending(finishLoad.name)) > 0; // first: a try that begins after it is seen in the batch's state
      return loadStatus(database.sql, tenantId, retried);
    },
    // a crash can have come between the mark and the job
    start: async () => finish(await unfinishedBatches(database.sql)),
  };
};

const finishSteps = ({ database, clock, tenants, training, lifetimes, wakeOutbox }: Parts): FinishSteps => ({
  rebuildHabits: async (tenantId, progress) => rebuildHabits(database, tenantId, (await tenants.required(tenantId)).timeZone, progress),
  hasUnplaced: async (tenantId) =>
    (await database.sql.query("SELECT FROM customer WHERE tenant_id = $1 AND segment_generation < 0 LIMIT 1", [tenantId])).rowCount > 0,
  train: (tenantId, progress) => training.train(tenantId, progress),
  fitLifetimes: (tenantId, progress) => lifetimes.fit(tenantId, progress),
  complete: async (tenantId, batchId) => {
    await finishBatch(database, tenantId, batchId, clock());
    wakeOutbox();
  },
  report: (...step) => reportStep(database.sql, ...step),
  fail: (...failure) => reportFailure(database.sql, ...failure),
});

const tokenIssuer =
  (key: SigningKey): GraphServices["issueToken"] =>
  async (tenantId, customerId, now) => ({
    accessToken: await signToken(key, { tenantId, role: "customer", customerId, scopes: [] }, now, TOKEN_SECONDS),
    expiresAt: new Date((Math.floor(now.getTime() / 1000) + TOKEN_SECONDS) * 1000),
  });
