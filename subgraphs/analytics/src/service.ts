import type { LoadStatus } from "@kava/contracts/loading";
import type { RequestContext } from "@kava/platform/graphql/context";
import { lastTraining } from "@kava/platform/models/trainings";
import type { Platform, Subgraph, SubgraphDefinition } from "@kava/platform/service";
import { observeShifts } from "@kava/platform/models/shiftGauge";
import { Gauge } from "@kava/platform/telemetry/metrics";
import { TenantView } from "@kava/platform/views/tenants";
import DataLoader from "dataloader";
import type { AnalyticsConfig } from "./config.js";
import { shown } from "./domain/recommendation.js";
import type { AnalyticsContext } from "./graphql/context.js";
import { buildSchema } from "./graphql/schema.js";
import { Batcher } from "./jobs/batcher.js";
import { hear } from "./jobs/hear.js";
import { LearnPreferences, learnPreferences, TASTES } from "./jobs/learnPreferences.js";
import { learnWhenChanged } from "./jobs/learnWhenChanged.js";
import { customerLoader, purchaseLoader } from "./jobs/loadHistory.js";
import { Debounce } from "./jobs/debounce.js";
import { rankEveryone } from "./jobs/rankEveryone.js";
import { RefreshTastes, refreshTastes } from "./jobs/refreshTastes.js";
import { Replay, replay } from "./jobs/replay.js";
import { openEngine } from "./storage/clickhouse/engine.js";
import { ANALYTICS_MIGRATIONS } from "./storage/migrations.js";
import { openStores, type Stores } from "./storage/stores.js";

/** Reports, association rules and recommendations, learned from every event. */
export const createAnalyticsSubgraph = (config: AnalyticsConfig): SubgraphDefinition => ({
  name: "analytics",
  entities: [],
  migrations: ANALYTICS_MIGRATIONS,
  build: (platform) => build(platform, config),
});

const build = async (platform: Platform, config: AnalyticsConfig): Promise<Subgraph> => {
  const { database, bus, logger, name } = platform;
  const engine = await openEngine(config.clickhouse, logger);
  const stores = openStores(database, engine, config.databasePrefix);
  const batcher = new Batcher({ engine, database, logger, ledger: stores.ledger, generations: stores.generations });
  await batcher.open();
  const tenants = new TenantView(database.sql);
  const queue = bus.jobs(name);
  const learning = { platform, stores, batcher, tenants };
  const loading = { database, stores, tenants, clock: platform.clock, kept: () => batcher.wake() };
  const refresh = new Debounce((tenantId) => queue.enqueue(RefreshTastes, { tenantId }, { key: tenantId }), logger);
  observe(platform, stores, tenants);
  return {
    schema: (await buildSchema()).schema,
    context: (request) => contextOf(stores, tenants, request),
    effects: hear({ stores, tenants, kept: () => batcher.wake(), tastesChanged: (tenantId) => refresh.ask(tenantId) }),
    consumeConcurrency: 4, // each holds a connection of the pool; the others are for requests and jobs
    jobs: [
      learnPreferences(learning),
      rankEveryone(learning),
      refreshTastes(learning, queue),
      learnWhenChanged(learning, queue),
      replay(batcher),
    ],
    loaders: { customers: customerLoader(loading), purchases: purchaseLoader(loading) },
    finishLoading: (tenantId) => queue.enqueue(LearnPreferences, { tenantId, afterLoad: true }, { key: keyOfLoad(tenantId) }),
    loadStatus: (tenantId) => loadStatus(platform, stores, tenantId),
    routes: (app) => {
      app.post("/internal/replay", async (_request, reply) => {
        await queue.enqueue(Replay, {}, { key: "all" });
        return reply.code(202).send({ queued: Replay.name });
      });
      app.get("/internal/replay", async () => ({ waiting: await queue.pending(Replay.name) }));
    },
    readiness: { clickhouse: () => engine.answers() },
    start: async () => batcher.start(),
    close: async () => {
      refresh.close();
      await batcher.close();
      await engine.close();
    },
  };
};

const contextOf = (
  stores: Stores,
  tenants: TenantView,
  { identity: { tenantId } }: RequestContext,
): Omit<AnalyticsContext, keyof RequestContext> => ({
  recommendations: new DataLoader(async (customerIds) => {
    const [own, popular, shelf, customers] = await Promise.all([
      stores.recommendations.of(tenantId, customerIds),
      stores.recommendations.popular(tenantId),
      stores.shelf.of(tenantId),
      stores.customers.byIds(tenantId, customerIds),
    ]);
    return customerIds.map((id) => shown(own.get(id), popular, shelf, customers.get(id), Infinity));
  }),
  rules: stores.rules,
  reports: stores.reports,
  currency: () => tenants.required(tenantId),
});

const keyOfLoad = (tenantId: string): string => `${tenantId}.load`;

/** While preferences are being learned, which begins with sending to ClickHouse what is not there yet. */
const loadStatus = async ({ bus, name, database }: Platform, { ledger }: Stores, tenantId: string): Promise<LoadStatus> => {
  const queue = bus.jobs(name);
  if ((await queue.pending(LearnPreferences.name)) === 0) {
    const why = await queue.whyGivenUp(LearnPreferences.name, keyOfLoad(tenantId));
    return why === null ? { state: "idle" } : { state: "failed", step: `learning preferences: ${why}` };
  }
  const { facts } = await ledger.backlog();
  if (facts > 0) return { state: "working", step: `sending ${facts} facts to ClickHouse` };
  const training = await lastTraining(database.sql, tenantId, TASTES);
  return { state: "working", step: training && !training.finishedAt && training.done > 0 ? training.step : "learning preferences" };
};

const observe = ({ metrics }: Platform, { ledger, models }: Stores, tenants: TenantView): void => {
  new Gauge({
    name: "kava_ledger_waiting",
    help: "Facts that are not in ClickHouse yet",
    registers: [metrics],
    async collect() {
      this.set((await ledger.backlog()).facts);
    },
  });
  new Gauge({
    name: "kava_ledger_lag_seconds",
    help: "Age of the oldest batch that ClickHouse has not taken",
    registers: [metrics],
    async collect() {
      this.set((await ledger.backlog()).seconds);
    },
  });
  observeShifts(metrics, tenants, async () =>
    (await models.shifts()).map(({ tenantId, shift }) => ({
      model: "tastes",
      tenantId,
      shift: [{ feature: "items bought", index: shift }],
    })),
  );
};
