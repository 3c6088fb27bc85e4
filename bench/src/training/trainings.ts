import { setTimeout as pause } from "node:timers/promises";
import { CONSUMERS } from "@kava/contracts/events";
import { LearnPreferences } from "@kava/analytics/jobs/learnPreferences";
import { fitLifetimesJob } from "@kava/customer/jobs/fitLifetimes";
import { trainSegmentsJob } from "@kava/customer/jobs/trainSegments";
import { FitResponse } from "@kava/discount/jobs/fitResponse";
import { FitUplift } from "@kava/discount/jobs/fitUplift";
import type { Bus } from "@kava/platform/bus/port";

const POLL_MS = 500;
/** Of a job that only this bench asks for. */
const KEY = "bench";

interface Training {
  readonly name: string;
  enqueue(): Promise<void>;
  pending(): Promise<number>;
  whyGivenUp(): Promise<string | null>;
}

/** Every model of a chain that is trained on demand, as `npm run models -- train` and the daily jobs ask for it. */
const trainingsOf = (bus: Bus, tenantId: string): Training[] => {
  const nothing = async () => undefined;
  const [customer, analytics, discount] = [bus.jobs("customer"), bus.jobs("analytics"), bus.jobs("discount")];
  const training = (name: string, queue: typeof customer, job: { name: string }, enqueue: () => Promise<void>): Training => ({
    name,
    enqueue,
    pending: () => queue.pending(job.name),
    whyGivenUp: () => queue.whyGivenUp(job.name, KEY),
  });
  const [segments, lifetimes] = [trainSegmentsJob(nothing), fitLifetimesJob(nothing)];
  const once = { attempts: 1 };
  return [
    training("segments", customer, segments, () => customer.enqueue({ ...segments, ...once }, { tenantId }, { key: KEY })),
    training("lifetimes", customer, lifetimes, () => customer.enqueue({ ...lifetimes, ...once }, { tenantId }, { key: KEY })),
    training("tastes", analytics, LearnPreferences, () =>
      analytics.enqueue({ ...LearnPreferences, ...once }, { tenantId, afterLoad: false }, { key: KEY }),
    ),
    training("response", discount, FitResponse, () =>
      discount.enqueue({ ...FitResponse, ...once }, { tenantId, thenDecide: false }, { key: KEY }),
    ),
    training("uplift", discount, FitUplift, () => discount.enqueue({ ...FitUplift, ...once }, { tenantId }, { key: KEY })),
  ];
};

/** Trains every model again and again until it is stopped; then it waits for those under way. */
export interface Trainings {
  /** Finished so far, by model. */
  readonly finished: Readonly<Record<string, number>>;
  /** Throws when a training was given up. */
  stop(): Promise<void>;
}

export const startTrainings = (bus: Bus, tenantId: string): Trainings => {
  const finished: Record<string, number> = {};
  const ending = new AbortController();
  const again = async (training: Training): Promise<void> => {
    for (finished[training.name] = 0; !ending.signal.aborted; finished[training.name]! += 1) {
      await training.enqueue();
      while ((await training.pending()) > 0) await pause(POLL_MS);
      const why = await training.whyGivenUp();
      if (why !== null) throw new Error(`The training of ${training.name} was given up: ${why}`);
    }
  };
  const running = Promise.all(trainingsOf(bus, tenantId).map(again));
  running.catch(() => undefined); // heard at the end
  return {
    finished,
    stop: async () => {
      ending.abort();
      await running;
    },
  };
};

/** Waits until no service has a job to do or an event to hear: what was learned is in service, and what follows from it is decided. */
export const untilIdle = async (bus: Bus): Promise<void> => {
  const left = () => Promise.all(CONSUMERS.flatMap((service) => [bus.jobs(service).pending(), bus.events.depth(service)]));
  while ((await left()).some((count) => count > 0)) await pause(POLL_MS);
};
