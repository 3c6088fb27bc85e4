import { LockMode, UniqueConstraintViolationException } from "@mikro-orm/core";
import type { EntityManager } from "@mikro-orm/postgresql";
import { derivedId } from "@kava/contracts/ids";
import type { Database } from "@kava/platform/database/database";
import { sqlOfEntityManager } from "@kava/platform/database/sql";
import { appendToOutbox } from "@kava/platform/events/outbox";
import { changeItem, type ItemValues } from "../domain/item.js";
import { isStale, type Actor, type Changed, type NotMade } from "./actor.js";
import { Item, ItemAvailability, ItemPrice, Venue } from "./entities.js";
import { itemPriced } from "./facts.js";

/** Changes one item at a time; each change, its line of history and its event are one transaction. */
export class ItemStore {
  constructor(
    private readonly database: Database,
    private readonly changed: Changed,
  ) {}

  /** Puts a new item on the menu. Its id follows from the sku as an import's does, so that both mean the same item. */
  async create(actor: Actor, sku: string, values: ItemValues): Promise<{ kind: "done"; id: string } | { kind: "skuTaken" }> {
    const id = derivedId(actor.tenantId, "item", sku);
    try {
      await this.database.em().transactional(async (em) => {
        const item = em.create(Item, { tenantId: actor.tenantId, id, sku, ...values, version: 1, retiredAt: null, importDigest: null });
        await em.flush(); // before its price: the foreign key is the database's, not the entities'
        em.persist(priceLine(em, item, actor));
        await em.flush();
        await tell(em, item, actor);
      });
    } catch (error) {
      if (error instanceof UniqueConstraintViolationException) return { kind: "skuTaken" };
      throw error;
    }
    await this.changed(actor.tenantId);
    return { kind: "done", id };
  }

  /** Changes what is wanted; a new price or cost gets its line in the history. Nothing different: no new version. */
  change(actor: Actor, id: string, expectedVersion: number | null, wanted: Partial<ItemValues>): Promise<{ kind: "done" } | NotMade> {
    return this.#alter(actor, id, expectedVersion, (item, em) => {
      const { next, changed, repriced } = changeItem(
        { name: item.name, category: item.category, priceMinor: item.priceMinor, costMinor: item.costMinor ?? null },
        wanted,
      );
      Object.assign(item, next);
      if (repriced) em.persist(priceLine(em, { ...item, version: item.version + 1 }, actor));
      return changed;
    });
  }

  /** Takes an item off the menu, or puts it back. It stays readable, and what was sold keeps its name. */
  setRetired(actor: Actor, id: string, expectedVersion: number | null, retired: boolean): Promise<{ kind: "done" } | NotMade> {
    return this.#alter(actor, id, expectedVersion, (item) => {
      if (Boolean(item.retiredAt) === retired) return false;
      item.retiredAt = retired ? actor.now : null;
      return true;
    });
  }

  /** Says whether a venue has the item. */
  async setAvailability(
    actor: Actor,
    itemId: string,
    venueId: string,
    available: boolean,
  ): Promise<{ kind: "done" | "unknownVenue" } | NotMade> {
    if ((await this.database.em().count(Venue, { tenantId: actor.tenantId, id: venueId })) === 0) return { kind: "unknownVenue" };
    return this.#alter(actor, itemId, null, async (_item, em) => {
      const key = { tenantId: actor.tenantId, itemId, venueId };
      const before = await em.findOne(ItemAvailability, key);
      if ((before?.available ?? true) === available) return false;
      await em.upsert(ItemAvailability, { ...key, available, changedAt: actor.now, changedBy: actor.by });
      return true;
    });
  }

  /** Locks the item, lets `alter` change it (true: something is different), raises its version and tells it. */
  async #alter(
    actor: Actor,
    id: string,
    expectedVersion: number | null,
    alter: (item: Item, em: EntityManager) => boolean | Promise<boolean>,
  ): Promise<{ kind: "done" } | NotMade> {
    let different = false;
    const outcome = await this.database.em().transactional(async (em): Promise<{ kind: "done" } | NotMade> => {
      const item = await em.findOne(Item, { tenantId: actor.tenantId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!item) return { kind: "unknown" };
      if (isStale(item.version, expectedVersion)) return { kind: "stale", currentVersion: item.version };
      different = await alter(item, em);
      if (!different) return { kind: "done" };
      item.version += 1;
      await em.flush();
      await tell(em, item, actor);
      return { kind: "done" };
    });
    if (different) await this.changed(actor.tenantId);
    return outcome;
  }
}

const priceLine = (
  em: EntityManager,
  item: Pick<Item, "id" | "version" | "priceMinor" | "costMinor">,
  { tenantId, now, by }: Actor,
): ItemPrice =>
  em.create(ItemPrice, {
    tenantId,
    itemId: item.id,
    version: item.version,
    validFrom: now,
    priceMinor: item.priceMinor,
    costMinor: item.costMinor ?? null,
    changedBy: by,
  });

const tell = async (em: EntityManager, item: Item, { tenantId, now }: Actor): Promise<void> => {
  const away = await em.find(ItemAvailability, { tenantId, itemId: item.id, available: false }, { orderBy: { venueId: "asc" } });
  await appendToOutbox(sqlOfEntityManager(em), [
    itemPriced(
      item,
      away.map((each) => each.venueId),
      now,
    ),
  ]);
};
