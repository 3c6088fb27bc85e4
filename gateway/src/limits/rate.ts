import { isStaff } from "@kava/contracts/identity";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Viewer } from "../identity/viewer.js";
import { Refusal } from "../errors/refusal.js";

/** Operations a minute, for each viewer (a token or a stranger's address). */
export interface RateLimits {
  viewer: number;
  staff: number;
  stranger: number;
  /** Registrations from one address: accounts are cheap to make and dear to clean up. */
  registrations: number;
}

export interface RateLimiter {
  /** Counts one operation. Throws a Refusal (429) when there were too many. */
  operation(viewer: Viewer, ip: string): Promise<void>;
  /** Counts registrations in an operation. Throws a Refusal (429). */
  registrations(ip: string, count: number): Promise<void>;
  /** Counts a token that was not believed, so that guessing is as slow as being a stranger. Throws a Refusal (429). */
  badToken(ip: string): Promise<void>;
}

const MINUTE_SECONDS = 60;

/** Counters in this process; several gateways each allow as many. */
export const createRateLimiter = (limits: RateLimits | "off"): RateLimiter => {
  if (limits === "off") return { operation: async () => {}, registrations: async () => {}, badToken: async () => {} };
  const counter = (points: number) => new RateLimiterMemory({ points, duration: MINUTE_SECONDS });
  const [viewers, staff, strangers, registrations] = [
    counter(limits.viewer),
    counter(limits.staff),
    counter(limits.stranger),
    counter(limits.registrations),
  ];
  return {
    operation: (viewer, ip) =>
      viewer.identity.role === "anonymous" ? take(strangers, ip, 1) : take(isStaff(viewer.identity) ? staff : viewers, viewer.key, 1),
    registrations: (ip, count) => take(registrations, ip, count),
    badToken: (ip) => take(strangers, ip, 1),
  };
};

const take = async (counter: RateLimiterMemory, key: string, points: number): Promise<void> => {
  try {
    await counter.consume(key, points);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    const seconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
    throw new Refusal("RATE_LIMITED", 429, `Too many requests: wait ${seconds} s and try again`, { retryAfterSeconds: seconds });
  }
};
