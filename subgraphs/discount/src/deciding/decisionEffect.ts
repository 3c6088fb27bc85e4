import type { AnyFact } from "@kava/platform/events/outbox";
import type { DecisionInput, DecisionOutput } from "../domain/decision.js";
import { OFFER_DAYS } from "../domain/policy.js";
import type { CustomerKnowledge, LiveOffer, LockedCounter } from "../storage/decisionInputs.js";
import type { DecisionEffect } from "../storage/writeDecisions.js";
import type { DecideRequest } from "./Decider.js";

/** What a decision does to the customer's offer, the week's depth and the push table. `makeId` gives fresh identifiers. */
export const effectOf = (
  input: DecisionInput,
  output: DecisionOutput,
  counter: LockedCounter,
  { live, lapsedOfferId }: Pick<CustomerKnowledge, "live" | "lapsedOfferId">,
  request: DecideRequest,
  makeId: () => string,
): DecisionEffect => {
  const { now, push } = request;
  const { decided } = output;
  const offer = offerEffect(output, live, request, makeId);
  const changed = offer.kind === "new" || (offer.kind === "none" ? live !== null : offer.repriced);
  const pushes = !input.holdout && (push === "always" || (push === "changes" && changed));
  return {
    customerId: input.customerId,
    decisionId: makeId(),
    decidedAt: now,
    trigger: input.trigger,
    offer,
    reason: decided.kind === "none" ? decided.reason : offer.kind === "keep" ? "kept" : decided.how,
    record: { version: 1, input, output },
    ends: lapsedOfferId ?? (live && (offer.kind !== "keep" || offer.offerId !== live.id) ? live.id : null),
    week: weekOf(input, output),
    pushSeq: pushes ? counter.seq + 1 : null,
  };
};

/** A depth that is offered stands for the week, and so does whatever was drawn; what lives on from the week before says nothing of this one. */
const weekOf = ({ week, sticky }: DecisionInput, { decided, propensities, assigned }: DecisionOutput): DecisionEffect["week"] => {
  const depth = assigned?.depth ?? (decided.kind === "offer" && decided.how !== "kept" && sticky === null ? decided.depth : null);
  return depth === null ? null : { week, depth, propensities, assigned };
};

const offerEffect = (
  { decided, policyVersion }: DecisionOutput,
  live: LiveOffer | null,
  { now, trigger }: DecideRequest,
  makeId: () => string,
): DecisionEffect["offer"] => {
  if (decided.kind === "none") return { kind: "none" };
  const { itemId, depth, listMinor, priceMinor, because } = decided;
  if (live && live.itemId === itemId && live.depth === depth && (trigger !== "load" || live.because.code === because.code))
    return {
      kind: "keep",
      offerId: live.id,
      listMinor,
      priceMinor,
      repriced: live.listMinor !== listMinor || live.priceMinor !== priceMinor,
    };
  return {
    kind: "new",
    offerId: makeId(),
    itemId,
    depth,
    listMinor,
    priceMinor,
    because,
    policyVersion,
    expiresAt: new Date(now.getTime() + OFFER_DAYS * 86_400_000),
  };
};

/** The event of a decision; null where nobody needs to hear it: history that ended without an offer, a check that changed nothing. */
export const decidedFact = (effect: DecisionEffect, tenantId: string, decisions: number, { push, now }: DecideRequest): AnyFact | null => {
  if (push === "never" ? effect.offer.kind !== "new" : push === "changes" && effect.pushSeq === null) return null;
  const {
    record: { input, output },
    offer,
    customerId,
    reason,
  } = effect;
  const made = output.decided.kind === "offer" ? output.decided : null;
  return {
    type: "offer.decided",
    tenantId,
    aggregateId: customerId,
    aggregateVersion: decisions,
    occurredAt: now,
    data: {
      customerId,
      offerId: offer.kind === "none" ? null : offer.offerId,
      itemId: made?.itemId ?? null,
      depth: made?.depth ?? 0,
      listMinor: made?.listMinor ?? null,
      priceMinor: made?.priceMinor ?? null,
      expiresAt: offer.kind === "new" ? offer.expiresAt.toISOString() : null,
      reason,
      policyVersion: output.policyVersion,
      holdout: input.holdout,
    },
  };
};
