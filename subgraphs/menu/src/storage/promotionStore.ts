import { LockMode } from "@mikro-orm/core";
import { newId } from "@kava/contracts/ids";
import type { Database } from "@kava/platform/database/database";
import { sqlOfEntityManager } from "@kava/platform/database/sql";
import { appendToOutbox } from "@kava/platform/events/outbox";
import { endNow, phaseOf, type PromotionRule, type Reduction, type Schedule } from "../domain/promotion.js";
import { isStale, type Actor, type Changed, type NotMade } from "./actor.js";
import { Promotion } from "./entities.js";
import { promotionChanged } from "./facts.js";

export interface NewPromotion extends Schedule {
  name: string;
  reduction: Reduction;
  rule: PromotionRule;
}

/** Makes, ends and announces promotions; each change and its event are one transaction. */
export class PromotionStore {
  constructor(
    private readonly database: Database,
    private readonly changed: Changed,
  ) {}

  async create(actor: Actor, { name, startsAt, endsAt, reduction, rule }: NewPromotion): Promise<Promotion> {
    const promotion = await this.database.em().transactional(async (em) => {
      const made = em.create(Promotion, {
        tenantId: actor.tenantId,
        id: newId(),
        name,
        startsAt,
        endsAt,
        rule,
        version: 1,
        changedBy: actor.by,
        announced: phaseOf({ startsAt, endsAt }, actor.now),
        percent: "percent" in reduction ? reduction.percent : null,
        amountMinor: "amountMinor" in reduction ? reduction.amountMinor : null,
      });
      await em.flush();
      await appendToOutbox(sqlOfEntityManager(em), [promotionChanged(made, actor.now)]);
      return made;
    });
    await this.changed(actor.tenantId);
    return promotion;
  }

  /** Ends a promotion now; one that has not begun never will. One that has ended stays as it is. */
  async end(actor: Actor, id: string, expectedVersion: number | null): Promise<{ kind: "done"; promotion: Promotion } | NotMade> {
    const outcome = await this.database.em().transactional(async (em): Promise<{ kind: "done"; promotion: Promotion } | NotMade> => {
      const promotion = await em.findOne(Promotion, { tenantId: actor.tenantId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!promotion) return { kind: "unknown" };
      if (isStale(promotion.version, expectedVersion)) return { kind: "stale", currentVersion: promotion.version };
      if (phaseOf(scheduleOf(promotion), actor.now) === "ended") return { kind: "done", promotion };
      Object.assign(promotion, {
        endsAt: endNow(scheduleOf(promotion), actor.now),
        announced: "ended",
        version: promotion.version + 1,
        changedBy: actor.by,
      });
      await em.flush();
      await appendToOutbox(sqlOfEntityManager(em), [promotionChanged(promotion, actor.now)]);
      return { kind: "done", promotion };
    });
    if (outcome.kind === "done") await this.changed(actor.tenantId);
    return outcome;
  }

  /** Tells every promotion that has begun or ended since it was last told of; returns how many. Instances may do this at the same time. */
  async announceDue(now: Date): Promise<number> {
    const due = await this.database.em().transactional(async (em) => {
      const waiting = await em.find(
        Promotion,
        { announced: { $ne: "ended" }, $or: [{ announced: "scheduled", startsAt: { $lte: now } }, { endsAt: { $lte: now } }] },
        { lockMode: LockMode.PESSIMISTIC_PARTIAL_WRITE, orderBy: { tenantId: "asc", id: "asc" } },
      );
      const turned = waiting.filter((promotion) => promotion.announced !== phaseOf(scheduleOf(promotion), now));
      for (const promotion of turned)
        Object.assign(promotion, { announced: phaseOf(scheduleOf(promotion), now), version: promotion.version + 1 });
      await em.flush();
      await appendToOutbox(
        sqlOfEntityManager(em),
        turned.map((promotion) => promotionChanged(promotion, now)),
      );
      return turned;
    });
    for (const tenantId of new Set(due.map((promotion) => promotion.tenantId))) await this.changed(tenantId);
    return due.length;
  }
}

export const scheduleOf = (promotion: Pick<Promotion, "startsAt" | "endsAt">): Schedule => ({
  startsAt: promotion.startsAt,
  endsAt: promotion.endsAt ?? null,
});
