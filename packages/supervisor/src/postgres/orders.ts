import { z } from "zod";

/** What the guardian is told on its command line; nothing in it is secret. */
export const GuardianOrders = z.object({
  postgres: z.string(),
  dataDir: z.string(),
  port: z.int(),
  account: z.object({ uid: z.int(), gid: z.int() }).nullable(),
  /** Holds the address with the password; read only to see whether clients are still connected. */
  passwordFile: z.string(),
  logFile: z.string(),
  /** How long clients may take to leave. */
  patienceMs: z.int(),
});
export type GuardianOrders = z.infer<typeof GuardianOrders>;

/** What the guardian says to the supervisor. */
export const GuardianReport = z.discriminatedUnion("state", [
  z.object({ state: z.literal("ready"), pid: z.int(), adopted: z.boolean() }),
  z.object({ state: z.literal("restarting"), reason: z.string() }),
  z.object({ state: z.literal("failing"), reason: z.string() }),
]);
export type GuardianReport = z.infer<typeof GuardianReport>;
