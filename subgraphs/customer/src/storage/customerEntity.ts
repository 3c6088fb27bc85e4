import { defineEntity, p, type InferEntity } from "@mikro-orm/postgresql";
import type { Customer } from "../domain/customer.js";
import type { Habits } from "../domain/habits.js";

/** A row of `customer`. What a purchase changes is written by `recordPurchase.ts` in SQL; registration and profile go through here. */
export const CustomerEntity = defineEntity({
  name: "CustomerRow",
  tableName: "customer",
  properties: {
    tenantId: p.uuid().primary(),
    id: p.uuid().primary(),
    externalId: p.text().nullable(),
    displayName: p.text(),
    email: p.text().nullable(),
    passwordHash: p.text().nullable().lazy(),
    joinedAt: p.datetime(),
    attributes: p.json<Record<string, unknown>>(),
    tastes: p.array(),
    homeVenueId: p.uuid().nullable(),
    habits: p.json<Habits>(),
    purchaseCount: p.integer(),
    totalMinor: p.bigint("number"),
    lastAt: p.datetime().nullable(),
    segmentId: p.uuid(),
    segmentSince: p.datetime(),
    segmentGeneration: p.integer(),
    provisional: p.boolean(),
    outlier: p.boolean(),
    version: p.bigint("number"),
  },
});
export type CustomerRow = InferEntity<typeof CustomerEntity>;

/** The customer of a row. */
export const customerOf = (row: CustomerRow): Customer => ({
  tenantId: row.tenantId,
  id: row.id,
  externalId: row.externalId ?? null,
  displayName: row.displayName,
  email: row.email ?? null,
  joinedAt: row.joinedAt,
  attributes: row.attributes,
  tastes: row.tastes,
  homeVenueId: row.homeVenueId ?? null,
  habits: row.habits,
  purchaseCount: row.purchaseCount,
  totalMinor: row.totalMinor,
  lastAt: row.lastAt ?? null,
  segmentId: row.segmentId,
  segmentSince: row.segmentSince,
  provisional: row.provisional,
  outlier: row.outlier,
  version: row.version,
});
