import { defineJob } from "@kava/platform/bus/port";
import { z } from "zod";
import type { Step } from "../domain/modelLife.js";

type OfTenant = (tenantId: string, progress: (step: Step) => Promise<void>) => Promise<void>;
const Input = z.object({ tenantId: z.uuid() });

/** What the jobs are called and take, for whoever asks for one. */
export const TrainSegments = { name: "train-segments", input: Input };
export const PlaceSegments = { name: "place-segments", input: Input };

/** Trains one tenant's segments now. */
export const trainSegmentsJob = (train: OfTenant) =>
  defineJob({
    ...TrainSegments,
    run: ({ tenantId }, progress) => train(tenantId, async ({ done, total }) => progress(done, total)),
  });

/** Places one tenant's customers by the segments that are in service: others than before, after a rollback. */
export const placeSegmentsJob = (place: OfTenant) =>
  defineJob({
    ...PlaceSegments,
    run: ({ tenantId }, progress) => place(tenantId, async ({ done, total }) => progress(done, total)),
  });
