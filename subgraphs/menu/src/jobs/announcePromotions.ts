import { defineJob, type Job } from "@kava/platform/bus/port";
import type { Clock } from "@kava/platform/clock";
import { z } from "zod";
import type { PromotionStore } from "../storage/promotionStore.js";

const EVERY_MS = 60_000;
const Nothing = z.object({});

/** The job by name, for who wants it to run at a promotion's start or end. */
export const ANNOUNCE_PROMOTIONS = { name: "announce promotions", input: Nothing } as const;

/**
 * Tells the others that a promotion has begun or ended. It runs when one is due, and every minute for those that a stop of the service missed.
 * A consumer judges by `active` and by the times that the event carries, so an end holds to the second even when this runs late.
 */
export const announcePromotions = (promotions: PromotionStore, clock: Clock): Job<z.infer<typeof Nothing>> =>
  defineJob({ ...ANNOUNCE_PROMOTIONS, every: { ms: EVERY_MS, input: {} }, run: async () => void (await promotions.announceDue(clock())) });
