import type { Because } from "@kava/contracts/because";
import type { Sql } from "@kava/platform/database/sql";
import type { DecisionRecord, Propensity } from "../domain/decision.js";

/** What follows of one decision, ready to be written. */
export interface DecisionEffect {
  customerId: string;
  decisionId: string;
  decidedAt: Date;
  trigger: string;
  reason: string;
  record: DecisionRecord;
  /** How the customer's live offer ends: `keep` with the price as it is now; `replace` and `none` withdraw it if there is one. */
  offer:
    | { kind: "none" }
    | { kind: "keep"; offerId: string; listMinor: number; priceMinor: number }
    | { kind: "new"; offerId: string; itemId: string; depth: number; listMinor: number; priceMinor: number; because: Because; policyVersion: string; expiresAt: Date };
  /** The depth of the week, when this decision set it. */
  week: { week: string; depth: number; propensities: Propensity[] } | null;
  /** The sequence number of the push; null when nothing is pushed. */
  pushSeq: number | null;
}

/** Writes decisions of different customers set-wise, in a few statements. Their counters must be locked (`lockCounters`). */
export const writeDecisions = async (tx: Sql, tenantId: string, effects: readonly DecisionEffect[], now: Date): Promise<void> => {
  await tx.query(
    `INSERT INTO decision (tenant_id, id, customer_id, decided_at, trigger, reason, record)
     SELECT $1, id, customer_id, $2, trigger, reason, record FROM jsonb_to_recordset($3::jsonb) AS d(id uuid, customer_id uuid, trigger text, reason text, record jsonb)`,
    [tenantId, now, JSON.stringify(effects.map((each) => ({ id: each.decisionId, customer_id: each.customerId, trigger: each.trigger, reason: each.reason, record: each.record })))]);
  await endOthers(tx, tenantId, effects, now);
  await writeOffers(tx, tenantId, effects, now);
  await writeCounters(tx, tenantId, effects, now);
};

/** What is live and does not stay live: expired when its time was over, withdrawn otherwise. */
const endOthers = async (tx: Sql, tenantId: string, effects: readonly DecisionEffect[], now: Date): Promise<void> => {
  const kept = effects.flatMap(({ offer }) => (offer.kind === "keep" ? [offer.offerId] : []));
  await tx.query(
    `UPDATE offer SET state = CASE WHEN expires_at <= $2 THEN 'EXPIRED' ELSE 'WITHDRAWN' END, ended_at = least(expires_at, $2)
     WHERE tenant_id = $1 AND state = 'LIVE' AND customer_id = ANY($3::uuid[]) AND NOT id = ANY($4::uuid[])`,
    [tenantId, now, effects.map((each) => each.customerId), kept]);
};

const writeOffers = async (tx: Sql, tenantId: string, effects: readonly DecisionEffect[], now: Date): Promise<void> => {
  const kept = effects.flatMap(({ offer }) => (offer.kind === "keep" ? [{ id: offer.offerId, list_minor: offer.listMinor, price_minor: offer.priceMinor }] : []));
  if (kept.length > 0)
    await tx.query(
      `UPDATE offer o SET list_minor = k.list_minor, price_minor = k.price_minor
       FROM jsonb_to_recordset($2::jsonb) AS k(id uuid, list_minor bigint, price_minor bigint)
       WHERE o.tenant_id = $1 AND o.id = k.id AND (o.list_minor, o.price_minor) IS DISTINCT FROM (k.list_minor, k.price_minor)`, [tenantId, JSON.stringify(kept)]);
  const made = effects.flatMap(({ offer, customerId, decisionId }) => (offer.kind === "new" ? [{
    id: offer.offerId, customer_id: customerId, item_id: offer.itemId, decision_id: decisionId, depth: offer.depth, list_minor: offer.listMinor, price_minor: offer.priceMinor,
    because: offer.because, policy_version: offer.policyVersion, expires_at: offer.expiresAt.toISOString(),
  }] : []));
  if (made.length > 0)
    await tx.query(
      `INSERT INTO offer (tenant_id, id, customer_id, item_id, decision_id, state, depth, list_minor, price_minor, because, policy_version, created_at, expires_at)
       SELECT $1, id, customer_id, item_id, decision_id, 'LIVE', depth, list_minor, price_minor, because, policy_version, $2, expires_at
       FROM jsonb_to_recordset($3::jsonb) AS o(id uuid, customer_id uuid, item_id uuid, decision_id uuid, depth float8, list_minor bigint, price_minor bigint, because jsonb, policy_version text, expires_at timestamptz)`,
      [tenantId, now, JSON.stringify(made)]);
};

const writeCounters = async (tx: Sql, tenantId: string, effects: readonly DecisionEffect[], now: Date): Promise<void> => {
  const pushed = effects.flatMap(({ customerId, pushSeq, offer }) => (pushSeq === null ? [] : [{ customer_id: customerId, seq: pushSeq, offer_id: offer.kind === "none" ? null : offer.offerId }]));
  if (pushed.length > 0)
    await tx.query(
      `WITH pushed AS (INSERT INTO offer_push (tenant_id, customer_id, seq, offer_id, at)
         SELECT $1, customer_id, seq, offer_id, $2 FROM jsonb_to_recordset($3::jsonb) AS p(customer_id uuid, seq bigint, offer_id uuid) RETURNING customer_id, seq)
       UPDATE push_counter c SET seq = pushed.seq FROM pushed WHERE c.tenant_id = $1 AND c.customer_id = pushed.customer_id`,
      [tenantId, now, JSON.stringify(pushed)]);
  const weeks = effects.flatMap(({ customerId, week }) => (week ? [{ customer_id: customerId, ...week }] : []));
  if (weeks.length > 0)
    await tx.query(
      `UPDATE push_counter c SET week = w.week, week_depth = w.depth, week_propensities = w.propensities
       FROM jsonb_to_recordset($2::jsonb) AS w(customer_id uuid, week text, depth float8, propensities jsonb)
       WHERE c.tenant_id = $1 AND c.customer_id = w.customer_id`, [tenantId, JSON.stringify(weeks)]);
};
