import { readSigningKey } from "@kava/platform/identity/keys";
import type { FastifyInstance } from "fastify";
import { request } from "undici";
import type { GatewayConfig } from "../config.js";

const TIMEOUT_MS = 3_000;

/** `/.well-known/jwks.json`: the public keys by which partners' own services verify Kava's tokens. */
export const addJwks = async (app: FastifyInstance, tokens: GatewayConfig["tokens"]): Promise<void> => {
  const keys = "keyFile" in tokens ? await ownKeys(tokens.keyFile) : () => foreignKeys(tokens.jwksUrl);
  app.get("/.well-known/jwks.json", async (_request, reply) => reply.header("cache-control", "public, max-age=300").send(await keys()));
};

const ownKeys = async (file: string): Promise<() => Promise<unknown>> => {
  const { publicJwk } = await readSigningKey(file);
  return async () => ({ keys: [publicJwk] });
};

const foreignKeys = async (url: string): Promise<unknown> => {
  const { body } = await request(url, { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  return body.json();
};
