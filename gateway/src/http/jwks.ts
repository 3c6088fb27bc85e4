import { readSigningKey } from "@kava/platform/identity/keys";
import type { FastifyInstance } from "fastify";
import { request } from "undici";
import type { GatewayConfig } from "../config.js";
import { Refusal } from "../errors/refusal.js";

const TIMEOUT_MS = 3_000;

/** `/.well-known/jwks.json`: the public keys by which partners' own services verify Kava's tokens. */
export const addJwks = async (app: FastifyInstance, tokens: GatewayConfig["tokens"]): Promise<void> => {
  const keys = "keyFile" in tokens ? await ownKeys(tokens.keyFile) : () => foreignKeys(tokens.jwksUrl);
  app.get("/.well-known/jwks.json", async (_request, reply) => {
    const published = await keys();
    return reply.header("cache-control", "public, max-age=300").send(published);
  });
};

const ownKeys = async (file: string): Promise<() => Promise<unknown>> => {
  const { publicJwk } = await readSigningKey(file);
  return async () => ({ keys: [publicJwk] });
};

/** Passed on as they are published. Throws a Refusal (503) when they are not: nobody is to keep an outage for five minutes. */
const foreignKeys = async (url: string): Promise<unknown> => {
  try {
    const { body, statusCode } = await request(url, { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
    const published = (await body.json()) as { keys?: unknown };
    if (statusCode === 200 && Array.isArray(published.keys)) return published;
  } catch {
    // no connection, or no JSON: told below
  }
  throw new Refusal("SERVICE_UNAVAILABLE", 503, "The keys of the tokens cannot be had at the moment: try again", { retryAfterSeconds: 5 });
};
