import { z } from "zod";

/** What every service must know of a chain. Owner: the customer subgraph, which tells it with `tenant.configured`. */
export const TenantFacts = z.object({
  slug: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "lower-case letters, digits and hyphens, at most 63"),
  name: z.string().min(1).max(200),
  currency: z.string().regex(/^[A-Z]{3}$/, "an ISO 4217 code such as EUR"),
  minorDigits: z.int().min(0).max(4).default(2),
  timeZone: z.string().default("UTC"),
  /** Least allowed margin, share of the net price. */
  floor: z.number().min(0).max(0.95).default(0.35),
  /** Greatest depth of a discount, percent of the list price. */
  ceiling: z.number().min(0).max(95).default(40),
  /** How menu prices carry tax; most chains print them with it included. */
  tax: z.object({ mode: z.enum(["none", "inclusive", "exclusive"]), rate: z.number().min(0).max(1) }).default({ mode: "none", rate: 0 }),
});
export type TenantFacts = z.infer<typeof TenantFacts>;
