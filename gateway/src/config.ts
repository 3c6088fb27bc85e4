import { DEFAULT_TENANT_SLUG, tenantIdOf } from "@kava/contracts/ids";
import { ConfigurationError, readEnvironment, secretOf } from "@kava/platform/config";
import { z } from "zod";
import { trustIn } from "./http/callerAddress.js";
import type { RateLimits } from "./limits/rate.js";
import { DEFAULT_LIMITS, type Limits } from "./limits/limits.js";

const address = z.url({ protocol: /^https?$/ });
const flag = z.enum(["on", "off"]).transform((value) => value === "on");
const count = z.coerce.number().int().min(1);

const proxies = z.string().transform((value, context): "off" | readonly string[] => {
  if (value === "off") return "off";
  const names = value.split(",").map((name) => name.trim());
  try {
    trustIn(names);
    return names;
  } catch {
    context.addIssue(
      `"${value}" names no proxies: write their addresses or networks, e.g. "loopback, 10.0.0.0/8" (whom to believe X-Forwarded-For), or "off"`,
    );
    return z.NEVER;
  }
});

/** The variables that the gateway reads. */
export const GatewayEnvironment = z.object({
  HOST: z.string().default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  CUSTOMER_URL: address.default("http://127.0.0.1:4001/graphql"),
  MENU_URL: address.default("http://127.0.0.1:4002/graphql"),
  ANALYTICS_URL: address.default("http://127.0.0.1:4003/graphql"),
  DISCOUNT_URL: address.default("http://127.0.0.1:4004/graphql"),
  INTERNAL_KEY: z.string().min(16).optional(),
  INTERNAL_KEY_FILE: z.string().optional(),
  SIGNING_KEY_FILE: z.string().optional(),
  JWKS_URL: address.optional(),
  DATABASE_URL: z.string().optional(),
  REDIS_URL: z.string().optional(),
  BUS_POOL: z.coerce.number().int().min(2).max(50).default(3),
  DEFAULT_TENANT: z.string().default(DEFAULT_TENANT_SLUG),
  SUPERGRAPH_FILE: z.string().optional(),
  INTROSPECTION: flag.default(false),
  TRUST_PROXY: proxies.default("off"),
  RATE_LIMIT: flag.default(true),
  RATE_PER_MINUTE: count.default(6_000),
  RATE_PER_MINUTE_STAFF: count.default(60_000),
  RATE_PER_MINUTE_STRANGER: count.default(1_200),
  REGISTRATIONS_PER_MINUTE: count.default(20),
  BODY_LIMIT_BYTES: count.default(DEFAULT_LIMITS.bodyBytes),
  COST_LIMIT: count.default(DEFAULT_LIMITS.cost),
  SUBGRAPH_TIMEOUT_MS: count.default(5_000),
  PUSH_POLL_MS: count.default(15_000),
  NOT_READY_FILE: z.string().optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal"]).default("info"),
});

export interface GatewayConfig {
  host: string;
  /** 0 asks the system for a free port. */
  port: number;
  /** Where each subgraph answers GraphQL, by its name in the supergraph. */
  subgraphUrls: Record<string, string>;
  internalKey: string;
  /** Whose tokens are believed: those of the installation's own key, or of a JWKS address. */
  tokens: { keyFile: string } | { jwksUrl: string };
  /** Where wake-ups come from; without one, subscriptions live by polling alone. */
  bus: { databaseUrl: string | undefined; redisUrl: string | undefined; pool: number };
  /** The tenant of a request without a token. */
  defaultTenantId: string;
  /** The composed supergraph; the committed one when absent. */
  supergraphFile: string | undefined;
  /** Whether strangers may read the schema; staff always may. */
  introspection: boolean;
  /** The proxies (addresses, networks, `loopback`) whose X-Forwarded-For is believed. */
  trustProxy: "off" | readonly string[];
  rate: RateLimits | "off";
  limits: Limits;
  subgraphTimeoutMs: number;
  /** How often a subscription looks for pushes whose wake-up was lost. */
  pushPollMs: number;
  /** While this file is there, /health/ready says no, for the reason in it. */
  notReadyFile: string | undefined;
  logLevel: string;
}

/** Reads the environment. Throws ConfigurationError, which names each variable that does not fit. */
export const gatewayConfig = (environment: NodeJS.ProcessEnv = process.env): GatewayConfig => {
  const read = readEnvironment(GatewayEnvironment, environment);
  return {
    host: read.HOST,
    port: read.PORT,
    subgraphUrls: { customer: read.CUSTOMER_URL, menu: read.MENU_URL, analytics: read.ANALYTICS_URL, discount: read.DISCOUNT_URL },
    internalKey: secretOf("INTERNAL_KEY", read.INTERNAL_KEY, read.INTERNAL_KEY_FILE),
    tokens: tokenSource(read.SIGNING_KEY_FILE, read.JWKS_URL),
    bus: { databaseUrl: read.DATABASE_URL, redisUrl: read.REDIS_URL, pool: read.BUS_POOL },
    defaultTenantId: tenantIdOf(read.DEFAULT_TENANT),
    supergraphFile: read.SUPERGRAPH_FILE,
    introspection: read.INTROSPECTION,
    trustProxy: read.TRUST_PROXY,
    rate: read.RATE_LIMIT
      ? {
          viewer: read.RATE_PER_MINUTE,
          staff: read.RATE_PER_MINUTE_STAFF,
          stranger: read.RATE_PER_MINUTE_STRANGER,
          registrations: read.REGISTRATIONS_PER_MINUTE,
        }
      : "off",
    limits: { ...DEFAULT_LIMITS, bodyBytes: read.BODY_LIMIT_BYTES, cost: read.COST_LIMIT },
    subgraphTimeoutMs: read.SUBGRAPH_TIMEOUT_MS,
    pushPollMs: read.PUSH_POLL_MS,
    notReadyFile: read.NOT_READY_FILE,
    logLevel: read.LOG_LEVEL,
  };
};

const tokenSource = (keyFile: string | undefined, jwksUrl: string | undefined): GatewayConfig["tokens"] => {
  if (jwksUrl) return { jwksUrl };
  if (keyFile) return { keyFile };
  throw new ConfigurationError("Set SIGNING_KEY_FILE or JWKS_URL, so that tokens can be verified (see .env.example)");
};

/** Apollo Gateway reports its use to its maker unless the environment says otherwise; what happens in a chain's installation is the chain's own. */
export const silenceApolloTelemetry = (environment: NodeJS.ProcessEnv = process.env): void => {
  environment["APOLLO_TELEMETRY_DISABLED"] = "true";
};
