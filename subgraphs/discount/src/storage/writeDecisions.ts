import type { Because } from "@kava/contracts/because";
import type { Sql } from "@kava/platform/database/sql";
import type { Assignment, DecisionRecord, Propensity } from "../domain/decision.js";

/** What follows of one decision, ready to be written. */
export interface DecisionEffect {
  customerId: string;
  decisionId: string;
  decidedAt: Date;
  trigger: string;
  reason: string;
  record: DecisionRecord;
  /** The offer in state LIVE that does not stay so. */
  ends: string | null;
  /** What is offered then. */
  offer:
    | { kind: "none" }
    | { kind: "keep"; offerId: string; listMinor: number; priceMinor: number; repriced: boolean }
    | {
        kind: "new";
        offerId: string;
        itemId: string;
        depth: number;
        listMinor: number;
        priceMinor: number;
        because: Because;
        policyVersion: string;
        expiresAt: Date;
      };
  /** The depth of the week, when this decision set it, and what of it was drawn. */
  week: { week: string; depth: number; propensities: Propensity[]; assigned: Assignment | null } | null;
  /** The sequence number of the push; null when nothing is pushed. */
  pushSeq: number | null;
}

/** Writes decisions of different customers set-wise, in a few statements. Their counters must be locked (`lockCounters`). */
export const writeDecisions = async (tx: Sql, tenantId: string, effects: readonly DecisionEffect[], now: Date): Promise<void> => {
  await endOffers(
    tx,
    tenantId,
    effects.flatMap(({ ends }) => ends ?? []),
    now,
  );
  await repriceOffers(tx, tenantId, effects);
  await insertOffers(tx, tenantId, effects, now);
  await recordDecisions(tx, tenantId, effects, now);
  await recordAssignments(tx, tenantId, effects, now);
};

/** Expired when their time was over, withdrawn otherwise. */
const endOffers = async (tx: Sql, tenantId: string, offerIds: readonly string[], now: Date): Promise<void> => {
  if (offerIds.length === 0) return;
  await tx.query(
    `UPDATE offer SET state = CASE WHEN expires_at <= $2 THEN 'EXPIRED' ELSE 'WITHDRAWN' END, ended_at = least(expires_at, $2)
     WHERE tenant_id = $1 AND id = ANY($3::uuid[]) AND state = 'LIVE'`,
    [tenantId, now, offerIds],
  );
};

const repriceOffers = async (tx: Sql, tenantId: string, effects: readonly DecisionEffect[]): Promise<void> => {
  const repriced = effects.flatMap(({ offer }) =>
    offer.kind === "keep" && offer.repriced ? [{ id: offer.offerId, list_minor: offer.listMinor, price_minor: offer.priceMinor }] : [],
  );
  if (repriced.length === 0) return;
  await tx.query(
    `UPDATE offer o SET list_minor = r.list_minor, price_minor = r.price_minor FROM jsonb_to_recordset($2::jsonb) AS r(id uuid, list_minor bigint, price_minor bigint)
     WHERE o.tenant_id = $1 AND o.id = r.id`,
    [tenantId, JSON.stringify(repriced)],
  );
};

const insertOffers = async (tx: Sql, tenantId: string, effects: readonly DecisionEffect[], now: Date): Promise<void> => {
  const made = effects.flatMap(({ offer, customerId, decisionId }) =>
    offer.kind === "new"
      ? [
          {
            id: offer.offerId,
            customer_id: customerId,
            item_id: offer.itemId,
            decision_id: decisionId,
            depth: offer.depth,
            list_minor: offer.listMinor,
            price_minor: offer.priceMinor,
            because: offer.because,
            policy_version: offer.policyVersion,
            expires_at: offer.expiresAt.toISOString(),
          },
        ]
      : [],
  );
  if (made.length === 0) return;
  await tx.query(
    `INSERT INTO offer (tenant_id, id, customer_id, item_id, decision_id, state, depth, list_minor, price_minor, because, policy_version, created_at, expires_at)
     SELECT $1, id, customer_id, item_id, decision_id, 'LIVE', depth, list_minor, price_minor, because, policy_version, $2, expires_at
     FROM jsonb_to_recordset($3::jsonb) AS o(id uuid, customer_id uuid, item_id uuid, decision_id uuid, depth float8, list_minor bigint, price_minor bigint, because jsonb, policy_version text, expires_at timestamptz)`,
    [tenantId, now, JSON.stringify(made)],
  );
};

/** The records, the pushes and the counters, in one statement. */
const recordDecisions = async (tx: Sql, tenantId: string, effects: readonly DecisionEffect[], now: Date): Promise<void> => {
  const rows = effects.map((each) => ({
    customer_id: each.customerId,
    id: each.decisionId,
    trigger: each.trigger,
    reason: each.reason,
    record: each.record,
    seq: each.pushSeq,
    offer_id: each.offer.kind === "none" ? null : each.offer.offerId,
    week: each.week?.week ?? null,
    depth: each.week?.depth ?? null,
    propensities: each.week?.propensities ?? null,
    remembered: each.record.input.remembered,
  }));
  await tx.query(
    `WITH effect AS MATERIALIZED (
       SELECT * FROM jsonb_to_recordset($3::jsonb) AS e(customer_id uuid, id uuid, trigger text, reason text, record jsonb, seq bigint, offer_id uuid, week text, depth float8, propensities jsonb, remembered float8)),
     decided AS (
       INSERT INTO decision (tenant_id, id, customer_id, decided_at, trigger, reason, record) SELECT $1, id, customer_id, $2, trigger, reason, record FROM effect),
     pushed AS (
       INSERT INTO offer_push (tenant_id, customer_id, seq, offer_id, at) SELECT $1, customer_id, seq, offer_id, $2 FROM effect WHERE seq IS NOT NULL)
     UPDATE push_counter c SET seq = coalesce(e.seq, c.seq), week = coalesce(e.week, c.week),
       week_depth = CASE WHEN e.week IS NULL THEN c.week_depth ELSE e.depth END, week_propensities = CASE WHEN e.week IS NULL THEN c.week_propensities ELSE e.propensities END,
       remembered = CASE WHEN e.week IS NULL THEN c.remembered ELSE e.remembered END
     FROM effect e WHERE c.tenant_id = $1 AND c.customer_id = e.customer_id AND c.customer_id = ANY($4::uuid[]) AND (e.seq IS NOT NULL OR e.week IS NOT NULL)`,
    [tenantId, now, JSON.stringify(rows), effects.map(({ customerId }) => customerId)],
  );
};

/** One a customer and week: whoever reads them has what was drawn, what else could have been, and what was known then. */
const recordAssignments = async (tx: Sql, tenantId: string, effects: readonly DecisionEffect[], now: Date): Promise<void> => {
  const rows = effects.flatMap(({ customerId, week, record: { input, output } }) => {
    const item = input.candidates.find((each) => each.itemId === week?.assigned?.itemId);
    if (!week?.assigned || !item) return [];
    return [
      {
        customer_id: customerId,
        week: week.week,
        item_id: item.itemId,
        depth: week.assigned.depth,
        propensities: week.assigned.propensities,
        customer: input.customer,
        item: { taste: item.taste, priceMinor: item.priceMinor, costMinor: item.costMinor, boughtCount: item.boughtCount },
        model_version: input.modelVersion,
        policy_version: output.policyVersion,
      },
    ];
  });
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO assignment (tenant_id, customer_id, week, decided_at, item_id, depth, propensities, customer, item, model_version, policy_version)
     SELECT $1, customer_id, week, $2, item_id, depth, propensities, customer, item, model_version, policy_version
     FROM jsonb_to_recordset($3::jsonb) AS a(customer_id uuid, week text, item_id uuid, depth float8, propensities jsonb, customer jsonb, item jsonb, model_version text, policy_version text)
     ON CONFLICT DO NOTHING`,
    [tenantId, now, JSON.stringify(rows)],
  );
};
