import { setTimeout as pause } from "node:timers/promises";
import type { JobQueue } from "@kava/platform/bus/port";
import type { Sql } from "@kava/platform/database/sql";
import { FitResponse } from "../jobs/fitResponse.js";
import { FitUplift } from "../jobs/fitUplift.js";
import type { ModelKind } from "../storage/modelLife.js";
import { trainingsOf } from "../storage/training.js";

const POLL_MS = 200;

export interface TrainingPlace {
  queue: JobQueue;
  sql: Sql;
  say(text: string): void;
}

/** Asks the service to fit a chain's model, says how far it is, and waits until it has. Throws when it was given up, or when no service takes it up. */
export const trainNow = async (
  { queue, sql, say }: TrainingPlace,
  tenantId: string,
  kind: ModelKind,
  patienceMs = 600_000,
): Promise<void> => {
  const key = `${tenantId}.asked`;
  const name = kind === "response" ? FitResponse.name : FitUplift.name;
  const before = await startOf(sql, tenantId, kind);
  if (kind === "response") await queue.enqueue({ ...FitResponse, attempts: 1 }, { tenantId, thenDecide: false }, { key });
  else await queue.enqueue({ ...FitUplift, attempts: 1 }, { tenantId }, { key });
  let told = "";
  for (const start = Date.now(); (await queue.pending(name)) > 0; await pause(POLL_MS)) {
    const line = await lineOf(sql, tenantId, kind, before);
    if (line !== told) say((told = line));
    if (Date.now() - start > patienceMs) throw new Error("No service has taken up the fit: is the discount service running?");
  }
  const why = await queue.whyGivenUp(name, key);
  if (why !== null) throw new Error(`The ${kind} model could not be fitted: ${why}`);
  const ended = (await trainingsOf(sql, tenantId)).find((each) => each.kind === kind);
  if (ended?.said) say(`${kind}: ${ended.said}`);
};

const startOf = async (sql: Sql, tenantId: string, kind: ModelKind): Promise<number> =>
  (await trainingsOf(sql, tenantId)).find((each) => each.kind === kind)?.startedAt.getTime() ?? 0;

/** Where the training that was asked for is; the one before it does not count. */
const lineOf = async (sql: Sql, tenantId: string, kind: ModelKind, before: number): Promise<string> => {
  const training = (await trainingsOf(sql, tenantId)).find((each) => each.kind === kind);
  if (!training || training.startedAt.getTime() === before) return `${kind}: waiting for its turn`;
  return `${kind}: ${training.step}${training.total > 1 ? ` ${training.done} of ${training.total}` : ""}`;
};
