import { LockMode, UniqueConstraintViolationException } from "@mikro-orm/core";
import type { EntityManager } from "@mikro-orm/postgresql";
import { derivedId, newId } from "@kava/contracts/ids";
import type { Database } from "@kava/platform/database/database";
import { sqlOfEntityManager } from "@kava/platform/database/sql";
import { appendToOutbox } from "@kava/platform/events/outbox";
import type { Place } from "../domain/nearest.js";
import { isStale, type Actor, type Changed, type NotMade } from "./actor.js";
import { Venue } from "./entities.js";
import { venueChanged } from "./facts.js";

/** What a marketer says of a venue. A venue without a place is never among the nearest. */
export interface VenueValues {
  name: string;
  place: Place | null;
}

/** Changes venues; each change and its event are one transaction. */
export class VenueStore {
  constructor(
    private readonly database: Database,
    private readonly changed: Changed,
  ) {}

  /** `key`: the chain's own name of the venue, as its imports have it; then both mean the same venue. */
  async create(
    actor: Actor,
    key: string | null,
    { name, place }: VenueValues,
  ): Promise<{ kind: "done"; venue: Venue } | { kind: "keyTaken" }> {
    const id = key === null ? newId() : derivedId(actor.tenantId, "venue", key);
    try {
      const venue = await this.database.em().transactional(async (em) => {
        const made = em.create(Venue, {
          tenantId: actor.tenantId,
          id,
          key: key ?? id,
          name,
          latitude: place?.latitude ?? null,
          longitude: place?.longitude ?? null,
          version: 1,
          importDigest: null,
        });
        await em.flush();
        await tell(em, made, actor);
        return made;
      });
      await this.changed(actor.tenantId);
      return { kind: "done", venue };
    } catch (error) {
      if (error instanceof UniqueConstraintViolationException) return { kind: "keyTaken" };
      throw error;
    }
  }

  async change(
    actor: Actor,
    id: string,
    expectedVersion: number | null,
    wanted: Partial<VenueValues>,
  ): Promise<{ kind: "done"; venue: Venue } | NotMade> {
    let different = false;
    const outcome = await this.database.em().transactional(async (em): Promise<{ kind: "done"; venue: Venue } | NotMade> => {
      const venue = await em.findOne(Venue, { tenantId: actor.tenantId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!venue) return { kind: "unknown" };
      if (isStale(venue.version, expectedVersion)) return { kind: "stale", currentVersion: venue.version };
      different = lay(venue, wanted);
      if (!different) return { kind: "done", venue };
      venue.version += 1;
      await em.flush();
      await tell(em, venue, actor);
      return { kind: "done", venue };
    });
    if (different) await this.changed(actor.tenantId);
    return outcome;
  }
}

/** Lays the wanted values over the venue; true when something is different. */
const lay = (venue: Venue, { name, place }: Partial<VenueValues>): boolean => {
  const moved = place !== undefined && (venue.latitude !== (place?.latitude ?? null) || venue.longitude !== (place?.longitude ?? null));
  const renamed = name !== undefined && name !== venue.name;
  if (moved) Object.assign(venue, { latitude: place?.latitude ?? null, longitude: place?.longitude ?? null });
  if (renamed) venue.name = name;
  return moved || renamed;
};

const tell = (em: EntityManager, venue: Venue, { now }: Actor): Promise<string[]> =>
  appendToOutbox(sqlOfEntityManager(em), [venueChanged(venue, now)]);
