import { tenantIdOf } from "@kava/contracts/ids";
import { IDENTITY_HEADER, INTERNAL_KEY_HEADER, type Identity, type Role } from "@kava/contracts/identity";
import type { LoadResult } from "@kava/contracts/loading";
import { TenantFacts } from "@kava/contracts/tenant";
import type { PlatformConfig } from "@kava/platform/config";
import { encodeIdentity } from "@kava/platform/identity/header";
import { startSubgraph, type RunningSubgraph } from "@kava/platform/service";
import { TenantView } from "@kava/platform/views/tenants";
import { freshDatabase } from "@kava/tests/support/freshDatabase";
import { menuSubgraph } from "../service.js";

const KEY = "a-key-for-the-tests";

/** What the graph answered. */
export interface Answer<Data = Record<string, unknown>> {
  data: Data | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** An event as it waits in, or left, the outbox. */
export interface ToldEvent {
  id: string;
  type: string;
  aggregateId: string;
  version: number;
  data: Record<string, unknown>;
}

/** The menu's service on a database of its own, its clock in the test's hand, and two chains: Kava (EUR) and another. */
export interface RunningMenu {
  running: RunningSubgraph;
  tenantId: string;
  otherTenantId: string;
  config: PlatformConfig;
  /** Asks as staff, unless an identity is given. */
  ask(query: string, variables?: object, identity?: Partial<Identity>): Promise<Answer>;
  /** As `ask`, for an answer that must be one. */
  get<Data>(query: string, variables?: object, identity?: Partial<Identity>): Promise<Data>;
  load(kind: "items" | "venues", rows: readonly object[], tenantId?: string): Promise<LoadResult>;
  told(type?: string): Promise<ToldEvent[]>;
  setClock(now: Date): void;
  close(): Promise<void>;
}

export const as = (role: Role): Partial<Identity> => ({ role });

export const startMenu = async (changes: Partial<PlatformConfig> = {}): Promise<RunningMenu> => {
  const [tenantId, otherTenantId] = [tenantIdOf("kava"), tenantIdOf("another-chain")];
  const config: PlatformConfig = {
    host: "127.0.0.1",
    port: 0,
    databaseUrl: await freshDatabase(),
    databasePool: 5,
    busPool: 5,
    redisUrl: undefined,
    internalKey: KEY,
    logLevel: "warn",
    ...changes,
  };
  let present: Date | null = null;
  const running = await startSubgraph(menuSubgraph, config, () => present ?? new Date());
  const { sql } = running.platform.database;
  const tenants = new TenantView(sql);
  await tenants.put(sql, tenantId, 1, TenantFacts.parse({ slug: "kava", name: "Kava", currency: "EUR" }));
  await tenants.put(
    sql,
    otherTenantId,
    1,
    TenantFacts.parse({ slug: "another-chain", name: "Another chain", currency: "JPY", minorDigits: 0 }),
  );
  const headers = (identity: Partial<Identity>) => ({
    [INTERNAL_KEY_HEADER]: KEY,
    [IDENTITY_HEADER]: encodeIdentity({ tenantId, role: "staff", scopes: [], ...identity }),
  });
  const post = async <Data>(query: string, variables: object = {}, identity: Partial<Identity> = {}): Promise<Answer<Data>> => {
    const answer = await fetch(running.url, {
      method: "POST",
      body: JSON.stringify({ query, variables }),
      headers: { "content-type": "application/json", ...headers(identity) },
    });
    return (await answer.json()) as Answer<Data>;
  };
  return {
    running,
    tenantId,
    otherTenantId,
    config,
    ask: post,
    get: async <Data>(query: string, variables?: object, identity?: Partial<Identity>) => {
      const { data, errors } = await post<Data>(query, variables, identity);
      if (errors || data === null) throw new Error(`No answer but ${JSON.stringify(errors)}`);
      return data;
    },
    load: async (kind, rows, tenant = tenantId) => {
      const url = running.url.replace("/graphql", `/internal/load/${kind}?tenant=${tenant}&batch=test`);
      const body = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
      return (await (
        await fetch(url, { method: "POST", body, headers: { "content-type": "application/x-ndjson", ...headers({}) } })
      ).json()) as LoadResult;
    },
    told: async (type) =>
      (
        await sql.query<ToldEvent>(
          `SELECT id, type, aggregate_id AS "aggregateId", aggregate_version AS version, data FROM outbox WHERE $1::text IS NULL OR type = $1 ORDER BY id`,
          [type ?? null],
        )
      ).rows,
    setClock: (now) => void (present = now),
    close: () => running.close(),
  };
};
