import { readFile } from "node:fs/promises";
import { addHealth } from "@kava/platform/http/serve";
import type { FastifyInstance } from "fastify";
import { request } from "undici";

const PATIENCE_MS = 2_000;
const REMEMBER_MS = 500;

/**
 * `/health/live`, and `/health/ready`, which names what is missing: subgraphs that are not ready, and what a person or a program wrote into
 * `notReadyFile` (maintenance, history that is still being loaded). Checks are shared by callers of the same half second.
 */
export const addGatewayHealth = (app: FastifyInstance, subgraphUrls: Record<string, string>, notReadyFile?: string): void => {
  const checks = Object.entries(subgraphUrls).map(([name, url]) => [name, remembered(() => isReady(url))] as const);
  addHealth(app, Object.fromEntries(checks), notReadyFile === undefined ? undefined : () => reasonIn(notReadyFile));
};

const reasonIn = async (file: string): Promise<string | null> => {
  try {
    return (await readFile(file, "utf8")).trim() || "held back";
  } catch {
    return null; // not there: nothing holds it back
  }
};

const isReady = async (graphqlUrl: string): Promise<boolean> => {
  const { statusCode, body } = await request(new URL("/health/ready", graphqlUrl), {
    headersTimeout: PATIENCE_MS,
    bodyTimeout: PATIENCE_MS,
  });
  await body.dump();
  return statusCode === 200;
};

const remembered = (check: () => Promise<boolean>): (() => Promise<boolean>) => {
  let last: { at: number; answer: Promise<boolean> } | undefined;
  return () => {
    if (!last || performance.now() - last.at > REMEMBER_MS) last = { at: performance.now(), answer: check() };
    return last.answer;
  };
};
