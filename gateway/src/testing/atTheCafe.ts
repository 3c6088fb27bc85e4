import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Identity } from "@kava/contracts/identity";
import { tenantIdOf } from "@kava/contracts/ids";
import { newSigningJwk, readSigningKey, type SigningKey } from "@kava/platform/identity/keys";
import { signToken } from "@kava/platform/identity/tokens";
import { composeSupergraph } from "../compose/composeSupergraph.js";
import type { GatewayConfig } from "../config.js";
import { startGateway, type GatewayParts, type RunningGateway } from "../gateway.js";
import { DEFAULT_LIMITS } from "../limits/limits.js";
import { openCafe, CAFE_KEY, type Cafe } from "./cafe.js";
import { CAFE_SCHEMAS } from "./cafeSchemas.js";

export const TENANT = tenantIdOf("kava");
export const ANNA = "0193a1f0-0000-7000-8000-00000000000a";
export const BORIS = "0193a1f0-0000-7000-8000-00000000000b";

export interface Answer {
  status: number;
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: unknown[]; extensions?: Record<string, unknown> }[];
  text: string;
}

/** A gateway over a café, with tokens. */
export interface AtTheCafe {
  gateway: RunningGateway;
  cafe: Cafe;
  token: (identity: Partial<Identity>, lifetimeSeconds?: number, from?: Date) => Promise<string>;
  ask: (query: string, options?: { token?: string; variables?: object; headers?: Record<string, string> }) => Promise<Answer>;
  close: () => Promise<void>;
}

/** Opens a café and a gateway in front of it. */
export const openAtTheCafe = async (change: Partial<GatewayConfig> = {}, parts: GatewayParts = {}): Promise<AtTheCafe> => {
  const keyFile = join(mkdtempSync(join(tmpdir(), "kava-gateway-")), "key.json");
  writeFileSync(keyFile, await newSigningJwk());
  const key = await readSigningKey(keyFile);
  const cafe = await openCafe();
  const gateway = await startGateway(
    {
      host: "127.0.0.1",
      port: 0,
      subgraphUrls: cafe.urls,
      internalKey: CAFE_KEY,
      tokens: { keyFile },
      bus: { databaseUrl: undefined, redisUrl: undefined, pool: 2 },
      defaultTenantId: TENANT,
      supergraphFile: undefined,
      introspection: false,
      trustProxy: "off",
      rate: "off",
      limits: DEFAULT_LIMITS,
      subgraphTimeoutMs: 2_000,
      pushPollMs: 60_000,
      notReadyFile: undefined,
      logLevel: "silent",
      ...change,
    },
    { supergraphSdl: composeSupergraph(CAFE_SCHEMAS).supergraphSdl, ...parts },
  );
  return {
    gateway,
    cafe,
    token: tokensOf(key),
    ask: asker(gateway.url),
    close: async () => {
      await gateway.close();
      await cafe.close();
    },
  };
};

const tokensOf =
  (key: SigningKey): AtTheCafe["token"] =>
  (identity, lifetimeSeconds = 3_600, from = new Date()) =>
    signToken(
      key,
      {
        tenantId: TENANT,
        role: "customer",
        scopes: [],
        ...(identity.role === undefined || identity.role === "customer" ? { customerId: ANNA } : {}),
        ...identity,
      },
      from,
      lifetimeSeconds,
    );

const asker =
  (url: string): AtTheCafe["ask"] =>
  async (query, { token, variables, headers } = {}) => {
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      body: JSON.stringify({ query, variables }),
      headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
    });
    const text = await response.text();
    return { status: response.status, text, ...(text.startsWith("{") ? (JSON.parse(text) as object) : {}) };
  };
