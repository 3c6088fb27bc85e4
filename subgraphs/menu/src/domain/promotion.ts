import type { EventData } from "@kava/contracts/events";

/** Where and when a promotion applies. All conditions that are given must hold; hours and weekdays are of the tenant's time zone. */
export type PromotionRule = EventData<"menu.promotion.changed">["rule"];

/** A share of the price (0 < percent ≤ 100) or an amount off it in minor units. */
export type Reduction = EventData<"menu.promotion.changed">["reduction"];

/** When a promotion runs: [startsAt, endsAt), without an end until somebody ends it. */
export interface Schedule {
  startsAt: Date;
  endsAt: Date | null;
}

export const PHASES = ["scheduled", "live", "ended"] as const;
export type Phase = (typeof PHASES)[number];

/** Where a promotion stands at a moment. One that was ended before its start is ended at once. */
export const phaseOf = ({ startsAt, endsAt }: Schedule, now: Date): Phase => {
  if (endsAt !== null && (now >= endsAt || endsAt <= startsAt)) return "ended";
  return now < startsAt ? "scheduled" : "live";
};

/** When the phase changes next, or null when it never does by itself. */
export const nextChangeOf = (schedule: Schedule, now: Date): Date | null => {
  const phase = phaseOf(schedule, now);
  if (phase === "ended") return null;
  return phase === "scheduled" ? schedule.startsAt : schedule.endsAt;
};

/** The end of a promotion that is ended now: at once, and never before its start. */
export const endNow = ({ startsAt }: Schedule, now: Date): Date => (now > startsAt ? now : startsAt);

/** What is wrong with a value, and which. */
export interface Problem {
  field: string;
  message: string;
}

/** What is wrong with a promotion that somebody wants to make, or null. `now` is the present: a promotion does not end in the past. */
export const promotionProblem = (schedule: Schedule, reduction: Reduction, rule: PromotionRule, now: Date): Problem | null => {
  const { startsAt, endsAt } = schedule;
  if (endsAt !== null && endsAt <= startsAt) return { field: "endsAt", message: "endsAt must be after startsAt" };
  if (endsAt !== null && endsAt <= now) return { field: "endsAt", message: "endsAt is past: the promotion would never be live" };
  if ("percent" in reduction && !(reduction.percent > 0 && reduction.percent <= 100))
    return { field: "percent", message: `percent must be above 0 and at most 100, not ${reduction.percent}` };
  if ("amountMinor" in reduction && reduction.amountMinor <= 0) return { field: "amount", message: "amount must be above 0" };
  return ruleProblem(rule);
};

const ruleProblem = ({ itemIds, categories, venueIds, weekdays, fromHour, toHour }: PromotionRule): Problem | null => {
  for (const [field, list] of Object.entries({ itemIds, categories, venueIds, weekdays }))
    if (list !== undefined && (list.length === 0 || list.length > 500))
      return { field: `rule.${field}`, message: `rule.${field} must name 1 to 500: leave it out when it does not matter` };
  if (weekdays?.some((day) => !Number.isInteger(day) || day < 1 || day > 7))
    return { field: "rule.weekdays", message: "weekdays are 1 (Monday) to 7 (Sunday)" };
  if (fromHour !== undefined && (fromHour < 0 || fromHour > 23))
    return { field: "rule.fromHour", message: "fromHour must be from 0 to 23" };
  if (toHour !== undefined && (toHour < 1 || toHour > 24)) return { field: "rule.toHour", message: "toHour must be from 1 to 24" };
  if ((fromHour ?? 0) >= (toHour ?? 24))
    return { field: "rule.toHour", message: "toHour must be after fromHour: make two promotions for hours that cross midnight" };
  return null;
};
