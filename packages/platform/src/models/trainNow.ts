import { setTimeout as pause } from "node:timers/promises";
import type { Job, JobQueue } from "../bus/port.js";
import type { Sql } from "../database/sql.js";
import { lastTraining } from "./trainings.js";

const POLL_MS = 200;
/** After so long a job is given up that no service has begun or moved. */
const PATIENCE_MS = 600_000;

/** Where a command asks, and how it tells what it hears. */
export interface TrainingPlace {
  /** The service's own. */
  queue: JobQueue;
  /** Of the service's schema. */
  sql: Sql;
  say(text: string): void;
  patienceMs?: number;
}

/** A job of a service and what it is asked with. */
export interface AskedJob {
  job: Pick<Job, "name" | "input">;
  input: object;
}

/** Asks the service to train a chain's model, says how far it is, and waits until it has. Throws when it was given up, or when no service takes it up. */
export const trainNow = async (place: TrainingPlace, tenantId: string, kind: string, asked: AskedJob): Promise<void> => {
  const { sql, say } = place;
  const before = (await lastTraining(sql, tenantId, kind))?.startedAt.getTime() ?? 0;
  const latest = async () => {
    const training = await lastTraining(sql, tenantId, kind);
    return training && training.startedAt.getTime() !== before ? training : null; // the one before it does not count
  };
  await askAndWait(place, tenantId, asked, async () => {
    const training = await latest();
    if (!training) return `${kind}: waiting for its turn`;
    return training.finishedAt ? null : `${kind}: ${training.step}${training.total > 1 ? ` ${training.done} of ${training.total}` : ""}`;
  });
  const said = (await latest())?.said;
  if (said) say(`${kind}: ${said}`);
};

/** Asks the service for a job of a chain and waits as above. `line`: where the work is; null for nothing to say. */
export const askAndWait = async (
  { queue, say, patienceMs = PATIENCE_MS }: TrainingPlace,
  tenantId: string,
  { job, input }: AskedJob,
  line: () => Promise<string | null>,
): Promise<void> => {
  const key = `${tenantId}.asked`;
  await queue.enqueue({ ...job, attempts: 1 }, input, { key });
  let told: string | null = null;
  let movedAt = Date.now();
  for (; (await queue.pending(job.name)) > 0; await pause(POLL_MS)) {
    const now = await line();
    if (now !== null && now !== told) {
      say((told = now));
      movedAt = Date.now();
    }
    if (Date.now() - movedAt > patienceMs) throw new Error("No service is at it: is the product running?");
  }
  const why = await queue.whyGivenUp(job.name, key);
  if (why !== null) throw new Error(`It was given up: ${why}`);
};
