import type { FastifyRequest } from "fastify";

/** What a plain request asks for. */
export interface PlainOperation {
  query: string;
  operationName: string | undefined;
  variables: Record<string, unknown>;
}

const JSON_TYPE = /^application\/json *(;|$)/;

/**
 * Reads a POST of one operation in JSON in which nothing is unusual. Undefined for every other request (GET, batches, persisted queries, parts
 * of a wrong kind, other content types): Apollo Server knows how they are answered, or refused.
 */
export const plainOperation = ({ method, headers, body }: FastifyRequest): PlainOperation | undefined => {
  if (method !== "POST" || !JSON_TYPE.test(headers["content-type"] ?? "") || !isRecord(body)) return undefined;
  const { query, operationName, variables, extensions } = body;
  if (typeof query !== "string" || !(isAbsent(operationName) || typeof operationName === "string")) return undefined;
  if (!(isAbsent(variables) || isRecord(variables))) return undefined;
  if (!(isAbsent(extensions) || (isRecord(extensions) && !("persistedQuery" in extensions)))) return undefined;
  return { query, operationName: operationName ?? undefined, variables: variables ?? {} };
};

const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null;
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
