import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { LoadResult, LoadStatus } from "@kava/contracts/loading";
import { isUuid } from "@kava/contracts/ids";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";

/** A kind of history that a subgraph loads: each row is read through the schema, those that do not fit are rejected by their position. */
export interface Loader<Row> {
  row: z.ZodType<Row>;
  /** Called once a stream with rows in blocks of at most 5,000; `index` is a row's position in the stream. */
  load(tenantId: string, blocks: AsyncIterable<IndexedRow<Row>[]>, batchId: string): Promise<LoadResult>;
}
/** A loader of any kind of row: each row is read by the loader's own schema. */
export interface AnyLoader extends Omit<Loader<never>, "row"> {
  row: z.ZodType;
}
export interface IndexedRow<Row> {
  index: number;
  row: Row;
}

export interface LoadingOptions {
  loaders: Record<string, AnyLoader>;
  /** Called when all rows of a batch are in: what follows set-wise. */
  finish?: (tenantId: string, batchId: string) => Promise<void>;
  status: (tenantId: string) => Promise<LoadStatus>;
  /** Which of these events the service has not applied yet. */
  missingEvents: (eventIds: readonly string[]) => Promise<string[]>;
}

const BLOCK = 5_000;
const Target = z.object({ tenant: z.string().refine(isUuid, "must be a UUID"), batch: z.string().min(1).max(200).default("load") });

/** Bulk loading by NDJSON (`POST /internal/load/<kind>?tenant=&batch=`), its completion, its status, and which events were seen. */
export const addLoading = (app: FastifyInstance, options: LoadingOptions): void => {
  app.register(async (scope) => {
    scope.addContentTypeParser("application/x-ndjson", (_request, payload, done) => done(null, payload));
    for (const [kind, loader] of Object.entries(options.loaders))
      scope.post(`/internal/load/${kind}`, { bodyLimit: Number.MAX_SAFE_INTEGER }, async (request) => {
        const { tenant, batch } = Target.parse(request.query);
        return receive(request, loader, tenant, batch);
      });
    scope.post("/internal/load/finish", async (request) => {
      const { tenant, batch } = Target.parse(request.query);
      await options.finish?.(tenant, batch);
      return { finished: batch };
    });
    scope.get("/internal/load/status", async (request) => options.status(Target.parse(request.query).tenant));
    scope.post("/internal/events/missing", async (request) => ({
      missing: await options.missingEvents(z.object({ eventIds: z.array(z.uuid()).max(50_000) }).parse(request.body).eventIds),
    }));
  });
};

const receive = async (request: FastifyRequest, loader: Loader<unknown>, tenantId: string, batchId: string): Promise<LoadResult> => {
  const rejected: LoadResult["rejected"] = [];
  const blocks = async function* (): AsyncGenerator<IndexedRow<unknown>[]> {
    let block: IndexedRow<unknown>[] = [];
    let index = -1;
    for await (const line of createInterface({ input: request.body as Readable, crlfDelay: Infinity })) {
      if (line === "") continue;
      index += 1;
      const read = readRow(loader.row, line);
      if ("reason" in read) rejected.push({ index, reason: read.reason });
      else block.push({ index, row: read.row });
      if (block.length >= BLOCK) {
        yield block;
        block = [];
      }
    }
    if (block.length > 0) yield block;
  };
  const result = await loader.load(tenantId, blocks(), batchId);
  return { ...result, rejected: [...rejected, ...result.rejected].sort((a, b) => a.index - b.index) };
};

const readRow = (schema: z.ZodType, line: string): { row: unknown } | { reason: string } => {
  try {
    const read = schema.safeParse(JSON.parse(line));
    return read.success
      ? { row: read.data }
      : { reason: read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ") };
  } catch {
    return { reason: "not a line of JSON" };
  }
};
