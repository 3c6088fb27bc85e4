import { newId } from "@kava/contracts/ids";
import { sqlOfEntityManager } from "@kava/platform/database/sql";
import type { Database } from "@kava/platform/database/database";
import { appendToOutbox } from "@kava/platform/events/outbox";
import { LockMode, UniqueConstraintViolationException, type EntityManager } from "@mikro-orm/postgresql";
import type { Customer, CustomerKey, Customers, CustomerSearch } from "../domain/customer.js";
import { noHabits } from "../domain/habits.js";
import { unknownVenue } from "../domain/purchase.js";
import { Refused } from "../domain/refusal.js";
import { mergeAttributes, type Profile, type Registration } from "../domain/registration.js";
import { placeCustomer } from "../domain/segmentation.js";
import { isDeclaredAnew, tellProfile } from "./changedProfile.js";
import { CustomerEntity, customerOf } from "./customerEntity.js";
import { customersById } from "./customerReads.js";
import { matchesText } from "./customerSearch.js";
import { hashPassword } from "./passwordHash.js";
import type { SegmentationStore } from "./segmentationStore.js";

/** Customers in PostgreSQL. */
export class CustomerStore implements Customers {
  constructor(
    private readonly database: Database,
    private readonly segmentations: SegmentationStore,
    private readonly wakeOutbox: () => void,
  ) {}

  byIds(tenantId: string, ids: readonly string[]): Promise<Customer[]> {
    return customersById(this.database.sql, tenantId, ids);
  }

  async search(tenantId: string, search: CustomerSearch): Promise<(CustomerKey & { customer: Customer })[]> {
    const { text, values } = matchesText(tenantId, search);
    const { rows } = await this.database.sql.query<{ rank: number; sortName: string; id: string }>(text, values);
    const found = new Map(
      (
        await this.byIds(
          tenantId,
          rows.map((row) => row.id),
        )
      ).map((customer) => [customer.id, customer]),
    );
    return rows.flatMap((row) => {
      const customer = found.get(row.id);
      return customer ? [{ ...row, customer }] : [];
    });
  }

  async register(tenantId: string, registration: Registration, now: Date): Promise<Customer> {
    const taken = new Refused({ reason: "emailTaken", email: registration.email });
    if ((await this.database.em().count(CustomerEntity, { tenantId, email: registration.email })) > 0) throw taken;
    const passwordHash = await hashPassword(registration.password);
    const segmentation = await this.segmentations.current(tenantId);
    const { segmentId, provisional } = placeCustomer(
      segmentation,
      { habits: noHabits(), tastes: registration.tastes, homeVenueId: registration.homeVenueId },
      now,
    );
    try {
      return await this.#transaction(async (em) => {
        await this.#checkVenue(em, tenantId, registration.homeVenueId);
        const row = em.create(CustomerEntity, {
          tenantId,
          id: newId(),
          externalId: null,
          displayName: registration.displayName,
          email: registration.email,
          passwordHash,
          joinedAt: now,
          attributes: registration.attributes,
          tastes: registration.tastes,
          homeVenueId: registration.homeVenueId,
          habits: noHabits(),
          purchaseCount: 0,
          totalMinor: 0,
          lastAt: null,
          segmentId,
          segmentSince: now,
          segmentGeneration: segmentation.generation,
          provisional,
          outlier: false,
          version: 1,
        });
        await em.flush();
        await appendToOutbox(sqlOfEntityManager(em), [
          {
            type: "customer.registered",
            tenantId,
            aggregateId: row.id,
            aggregateVersion: 1,
            occurredAt: now,
            data: {
              customerId: row.id,
              externalId: null,
              displayName: row.displayName,
              joinedAt: now.toISOString(),
              tastes: registration.tastes,
              homeVenueId: registration.homeVenueId,
            },
          },
        ]);
        return customerOf(row);
      });
    } catch (error) {
      throw error instanceof UniqueConstraintViolationException ? taken : error;
    }
  }

  changeProfile(tenantId: string, customerId: string, change: Partial<Profile>, now: Date): Promise<Customer> {
    return this.#transaction(async (em) => {
      const row = await em.findOne(CustomerEntity, { tenantId, id: customerId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!row) throw new Refused({ reason: "unknownCustomer", customerId });
      if (change.homeVenueId) await this.#checkVenue(em, tenantId, change.homeVenueId);
      const declared = isDeclaredAnew(row, change);
      if (change.displayName !== undefined) row.displayName = change.displayName;
      if (change.homeVenueId !== undefined) row.homeVenueId = change.homeVenueId;
      if (change.attributes) row.attributes = mergeAttributes(row.attributes, change.attributes);
      if (change.tastes) row.tastes = change.tastes;
      row.version += 1;
      const tx = sqlOfEntityManager(em);
      // over this connection: waiting for a second one while holding one can stop a service
      if (declared) await tellProfile(tx, row, await this.segmentations.current(tenantId, tx), now);
      await em.flush();
      return customerOf(row);
    });
  }

  async #transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.database.em().transactional(work);
    this.wakeOutbox();
    return result;
  }

  async #checkVenue(em: EntityManager, tenantId: string, venueId: string | null): Promise<void> {
    if (venueId === null) return;
    const { rows } = await sqlOfEntityManager(em).query("SELECT FROM venue_view WHERE tenant_id = $1 AND venue_id = $2", [
      tenantId,
      venueId,
    ]);
    if (rows.length === 0) throw unknownVenue(venueId);
  }
}
