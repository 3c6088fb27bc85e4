import { z } from "zod";

/**
 * Rows of the bulk loaders. History is streamed as NDJSON to `POST /internal/load/<kind>` of each subgraph that keeps it; identifiers are
 * derived from the chain's own keys (`derivedId`), so that all subgraphs agree and a second load adds nothing.
 */
const minor = z.int().min(0).max(1_000_000_000);

export const VenueRow = z.object({
  id: z.uuid(),
  key: z.string(),
  name: z.string().min(1),
  latitude: z.number().min(-90).max(90).nullable(),
  longitude: z.number().min(-180).max(180).nullable(),
});
export const ItemRow = z.object({
  id: z.uuid(),
  sku: z.string().min(1),
  name: z.string().min(1),
  category: z.string().min(1),
  priceMinor: minor,
  costMinor: minor.nullable(),
});
export const CustomerRow = z.object({
  id: z.uuid(),
  externalId: z.string().min(1),
  displayName: z.string().min(1),
  email: z.string().nullable().default(null),
  joinedAt: z.iso.datetime(),
  tastes: z.array(z.string()).default([]),
  homeVenueId: z.uuid().nullable().default(null),
  attributes: z.record(z.string(), z.unknown()).default({}),
});
export const PurchaseLineRow = z.object({
  itemId: z.uuid(),
  quantity: z.int().min(1).max(10_000),
  unitPriceMinor: minor,
  paidMinor: minor,
});
export const PurchaseRow = z.object({
  /** `purchaseIdOf(tenant, key, at)` */
  id: z.string(),
  key: z.string().min(1),
  customerId: z.uuid().nullable(),
  venueId: z.uuid().nullable(),
  at: z.iso.datetime(),
  lines: z.array(PurchaseLineRow).min(1).max(500),
});
export type VenueRow = z.infer<typeof VenueRow>;
export type ItemRow = z.infer<typeof ItemRow>;
export type CustomerRow = z.infer<typeof CustomerRow>;
export type PurchaseRow = z.infer<typeof PurchaseRow>;

/** Kinds of rows, and which subgraphs keep them. */
export const LOADERS = {
  venues: { row: VenueRow, subgraphs: ["menu"] },
  items: { row: ItemRow, subgraphs: ["menu"] },
  customers: { row: CustomerRow, subgraphs: ["customer", "analytics", "discount"] },
  purchases: { row: PurchaseRow, subgraphs: ["customer", "analytics", "discount"] },
} as const;
export type LoadKind = keyof typeof LOADERS;

/** What a loader answers for a stream. `known`: rows that were there already. `rejected`: by position in the stream, from 0. `eventIds`: what consumers will see. */
export interface LoadResult {
  added: number;
  known: number;
  rejected: { index: number; reason: string }[];
  eventIds?: string[];
}

/** `GET /internal/load/status?tenant=ID`: what the subgraph still computes from what was loaded. `failed`: it has given up, and `step` is why. */
export interface LoadStatus {
  state: "idle" | "working" | "failed";
  step?: string;
  done?: number;
  total?: number;
}

const OLDEST = Date.UTC(1990, 0, 1);
/** Records that are moved to the present end with today's last hour, in whatever time zone. */
const AHEAD_MS = 2 * 86_400_000;

/** Why no service takes a purchase of this moment: one rule for all that load it, so that none counts what another refuses. Null when all do. */
export const refusalOfMoment = (at: string, now: Date): string | null => {
  const moment = Date.parse(at);
  if (moment < OLDEST) return `at: ${at} is before 1990; correct the date`;
  return moment > now.getTime() + AHEAD_MS ? `at: ${at} is in the future; correct the date` : null;
};
