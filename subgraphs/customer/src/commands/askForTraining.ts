import { setTimeout as pause } from "node:timers/promises";
import type { Job, JobQueue } from "@kava/platform/bus/port";
import type { Sql } from "@kava/platform/database/sql";
import type { ModelKind } from "../domain/modelLife.js";
import { FitLifetimes } from "../jobs/fitLifetimes.js";
import { PlaceSegments, TrainSegments } from "../jobs/trainSegments.js";
import { lastTraining } from "../storage/trainings.js";

const POLL_MS = 200;
/** After so long a job is given up that no service has begun or moved. */
const PATIENCE_MS = 600_000;

/** Where a command asks, and how it tells what it hears. */
export interface TrainingPlace {
  queue: JobQueue;
  sql: Sql;
  say(text: string): void;
  patienceMs?: number;
}
type OfTenant = Pick<Job<{ tenantId: string }>, "name" | "input">;

/** Asks the service to train a chain's model, says how far it is, and waits until it has. Throws when it was given up, or when no service takes it up. */
export const trainNow = async (place: TrainingPlace, tenantId: string, kind: ModelKind): Promise<void> => {
  const { sql, say } = place;
  const before = (await lastTraining(sql, tenantId, kind))?.startedAt.getTime() ?? 0;
  const latest = async () => {
    const training = await lastTraining(sql, tenantId, kind);
    return training && training.startedAt.getTime() !== before ? training : null; // the one before it does not count
  };
  await askAndWait(place, kind === "lifetime" ? FitLifetimes : TrainSegments, tenantId, async () => {
    const training = await latest();
    if (!training) return `${kind}: waiting for its turn`;
    return training.finishedAt ? null : `${kind}: ${training.step}${training.total > 1 ? ` ${training.done} of ${training.total}` : ""}`;
  });
  const said = (await latest())?.said;
  if (said) say(`${kind}: ${said}`);
};

/** Asks the service to place everyone by the segments in service, and waits as above. */
export const placeNow = (place: TrainingPlace, tenantId: string): Promise<void> =>
  askAndWait(place, PlaceSegments, tenantId, async () => "segments: placing everyone");

/** `line`: where the work is; null for nothing to say. */
const askAndWait = async (
  { queue, say, patienceMs = PATIENCE_MS }: TrainingPlace,
  job: OfTenant,
  tenantId: string,
  line: () => Promise<string | null>,
): Promise<void> => {
  const key = `${tenantId}.asked`;
  await queue.enqueue({ ...job, attempts: 1 }, { tenantId }, { key });
  let told: string | null = null;
  let movedAt = Date.now();
  for (; (await queue.pending(job.name)) > 0; await pause(POLL_MS)) {
    const now = await line();
    if (now !== null && now !== told) {
      say((told = now));
      movedAt = Date.now();
    }
    if (Date.now() - movedAt > patienceMs) throw new Error("No service is at it: is the customer service running?");
  }
  const why = await queue.whyGivenUp(job.name, key);
  if (why !== null) throw new Error(`It was given up: ${why}`);
};
