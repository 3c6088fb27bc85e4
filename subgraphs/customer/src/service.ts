import { signToken } from "@kava/platform/identity/tokens";
import { readSigningKey, type SigningKey } from "@kava/platform/identity/keys";
import type { Platform, Subgraph, SubgraphDefinition } from "@kava/platform/service";
import { keepItem } from "@kava/platform/views/items";
import { TenantView } from "@kava/platform/views/tenants";
import type { CustomerConfig } from "./config.js";
import { extendContext, type GraphServices } from "./graphql/context.js";
import { buildSchema } from "./graphql/schema.js";
import { addTenantRoutes } from "./http/tenantRoutes.js";
import { finishLoadJob } from "./jobs/finishLoad.js";
import { makePartitionsJob } from "./jobs/makePartitions.js";
import { reviewSegmentsJob } from "./jobs/reviewSegments.js";
import { trainApart } from "./jobs/trainApart.js";
import { trainSegmentsJob } from "./jobs/trainSegments.js";
import { finishBatch } from "./storage/finishBatch.js";
import { rebuildHabits } from "./storage/rebuildHabits.js";
import { CustomerEntity } from "./storage/customerEntity.js";
import { CustomerStore } from "./storage/customerStore.js";
import { awaitCompletion, loadStatus, reportFailure, reportStep } from "./storage/loadBatches.js";
import { customerLoader } from "./storage/loadCustomers.js";
import { purchaseLoader } from "./storage/loadPurchases.js";
import { MIGRATIONS } from "./storage/migrations/migrations.js";
import { Partitions } from "./storage/partitions.js";
import { PurchaseStore } from "./storage/purchaseStore.js";
import { SegmentTraining } from "./storage/segmentTraining.js";
import { SegmentationStore } from "./storage/segmentationStore.js";
import { TenantStore } from "./storage/tenantStore.js";
import { keepVenue } from "./storage/venueView.js";

const TOKEN_SECONDS = 3_600;

/** The customer subgraph: who the customers are, what they bought, and which segment they are in. */
export const createCustomerSubgraph = (config: CustomerConfig): SubgraphDefinition => ({
  name: "customer",
  entities: [CustomerEntity],
  migrations: MIGRATIONS,
  build: (platform) => build(platform, config),
});

const build = async (platform: Platform, config: CustomerConfig): Promise<Subgraph> => {
  const { database, cache, clock } = platform;
  const key = await readSigningKey(config.signingKeyFile);
  const wakeOutbox = () => platform.wakeOutbox();
  const view = new TenantView(database.sql);
  const tenants = new TenantStore(database, view, wakeOutbox);
  const segmentations = new SegmentationStore(database, cache);
  const partitions = new Partitions(database);
  const customers = new CustomerStore(database, segmentations, wakeOutbox);
  const purchases = new PurchaseStore({ database, tenants: view, partitions, segmentations, wakeOutbox });
  await partitions.makeAhead(clock());
  await tenants.ensure(config.defaultTenant, clock());
  const training = new SegmentTraining({ database, tenants: view, segmentations, fit: trainApart, clock, wakeOutbox });
  const reviewSegments = reviewSegmentsJob({
    tenantIds: async () => (await view.all()).map((tenant) => tenant.tenantId), due: (tenantId) => training.due(tenantId),
    train: (tenantId) => training.train(tenantId), place: (tenantId) => training.place(tenantId),
  });
  const finishLoad = finishLoadJob({
    rebuildHabits: async (tenantId, progress) => rebuildHabits(database, tenantId, (await view.required(tenantId)).timeZone, progress),
    train: (tenantId, progress) => training.train(tenantId, progress),
    hasUnplaced: async (tenantId) => (await database.sql.query("SELECT FROM customer WHERE tenant_id = $1 AND segment_generation < 0 LIMIT 1", [tenantId])).rowCount > 0,
    complete: async (tenantId, batchId) => {
      await finishBatch(database, tenantId, batchId, clock());
      wakeOutbox();
    },
    report: (...step) => reportStep(database.sql, ...step),
    fail: (...failure) => reportFailure(database.sql, ...failure),
  });
  const { schema } = await buildSchema();
  return {
    schema,
    context: extendContext({ customers, purchases, segments: segmentations, currencyOf: (tenantId) => view.required(tenantId), issueToken: tokenIssuer(key) }),
    effects: {
      "menu.item.priced": async (event, tx) => void (await keepItem(tx, event)),
      "menu.venue.changed": (event, tx) => keepVenue(tx, event),
    },
    loaders: { customers: customerLoader(database, segmentations, clock), purchases: purchaseLoader(database, partitions, clock) },
    jobs: [makePartitionsJob(partitions, clock), finishLoad, reviewSegments, trainSegmentsJob((tenantId, progress) => training.train(tenantId, progress))],
    finishLoading: async (tenantId, batchId) => {
      await awaitCompletion(database.sql, tenantId, batchId);
      await platform.bus.jobs("customer").enqueue(finishLoad, { tenantId, batchId }, { key: `${tenantId}.${batchId}` });
    },
    loadStatus: (tenantId) => loadStatus(database.sql, tenantId),
    routes: (app) => {
      app.get("/.well-known/jwks.json", async () => ({ keys: [key.publicJwk] }));
      addTenantRoutes(app, tenants, clock);
    },
  };
};

const tokenIssuer = (key: SigningKey): GraphServices["issueToken"] => async (tenantId, customerId, now) => ({
  accessToken: await signToken(key, { tenantId, role: "customer", customerId, scopes: [] }, now, TOKEN_SECONDS),
  expiresAt: new Date((Math.floor(now.getTime() / 1000) + TOKEN_SECONDS) * 1000),
});
