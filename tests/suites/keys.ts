import { parsePurchaseId } from "@kava/contracts/ids";
import { RECORD_PURCHASE, type PurchaseAnswer, type PurchaseInput, type RecordedPurchase } from "@kava/harness/documents";
import { dataOf } from "@kava/harness/graphClient";
import type { Installation } from "@kava/harness/installation";
import type { SmallChain } from "@kava/harness/smallChain";
import { until } from "@kava/harness/until";
import { beforeAll, expect, test } from "vitest";
import type { RunningChain } from "./runningChain.js";

/** The same purchase sent again. */
export const keys = (running: () => RunningChain): void => {
  let kava: Installation;
  let chain: SmallChain;

  beforeAll(async () => {
    ({ kava, chain } = running());
  });

  const purchase = (idempotencyKey: string, change: Partial<PurchaseInput> = {}): PurchaseInput => ({
    customerId: chain.regulars[0]!,
    venueId: chain.venues[0]!.id,
    idempotencyKey,
    lines: [{ itemId: chain.items[0]!.id, quantity: 1 }],
    ...change,
  });
  const record = async (input: PurchaseInput) => dataOf(await kava.ask<PurchaseAnswer>(RECORD_PURCHASE, { input })).recordPurchase;
  const countOf = async (ids: readonly string[]) =>
    Number(
      (
        await kava.sql<{ count: string }>("SELECT count(*) FROM customer.purchase WHERE id = ANY($1::uuid[])", [
          ids.map((id) => parsePurchaseId(id)!.uuid),
        ])
      )[0]!.count,
    );
  const total = async () => Number((await kava.sql<{ count: string }>("SELECT count(*) FROM customer.purchase"))[0]!.count);
  const monthsAgo = (months: number) => {
    const now = new Date();
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 15, 12)).toISOString();
  };

  test("the same key and body again is the same purchase", async () => {
    const before = await total();
    const first = await record(purchase("again"));
    const second = await record(purchase("again"));
    expect(first.__typename).toBe("Purchase");
    expect(second).toEqual(first);
    expect(await total()).toBe(before + 1);
  });

  test("the same key twenty times at the same moment is one purchase", async () => {
    const before = await total();
    const answers = await Promise.all(Array.from({ length: 20 }, () => record(purchase("at once"))));
    expect(new Set(answers.map((answer) => (answer as RecordedPurchase).id)).size).toBe(1);
    expect(await total()).toBe(before + 1);
  });

  test("the same key with another body is refused as a reused key, and nothing is written", async () => {
    await record(purchase("reused"));
    const before = await total();
    const changes: Partial<PurchaseInput>[] = [
      { lines: [{ itemId: chain.items[0]!.id, quantity: 2 }] },
      { lines: [{ itemId: chain.items[1]!.id, quantity: 1 }] },
      { customerId: chain.regulars[1]! },
      { at: monthsAgo(1) },
      { lines: [{ itemId: chain.items[0]!.id, quantity: 1, unitPrice: "1.00" }] },
    ];
    for (const change of changes)
      expect(await record(purchase("reused", change))).toMatchObject({ __typename: "KeyReused", message: expect.stringMatching(/\w/) });
    expect(await total()).toBe(before);
  });

  test("the same key for purchases of two months is one purchase, also at the same moment", async () => {
    const before = await total();
    const months = [monthsAgo(0), monthsAgo(1), monthsAgo(2)].filter((at) => at < new Date().toISOString());
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => record(purchase("two months", { at: months[i % months.length]! }))),
    );
    const kept = answers.filter((answer) => answer.__typename === "Purchase");
    expect(kept.length).toBeGreaterThan(0);
    expect(new Set(kept.map((answer) => answer.id)).size).toBe(1);
    expect(answers.filter((answer) => answer.__typename !== "Purchase").map((answer) => answer.__typename)).toEqual(
      Array(12 - kept.length).fill("KeyReused"),
    );
    expect(await total()).toBe(before + 1);
  });

  test("different keys are different purchases, in whichever month they were", async () => {
    const answers = await Promise.all(
      [0, 1, 2, 3].map((month) => record(purchase(`own ${month}`, { at: month === 0 ? new Date().toISOString() : monthsAgo(month) }))),
    );
    const ids = answers.map((answer) => (answer as RecordedPurchase).id);
    expect(new Set(ids).size).toBe(4);
    expect(await countOf(ids)).toBe(4);
  });

  test("a purchase that was sent twenty times is told once and pushed once", async () => {
    const id = chain.regulars.find((each) => !chain.isHeldOut(each))!;
    const told = async () =>
      (
        await kava.sql<{ purchase: string }>(
          "SELECT data->>'purchaseId' AS purchase FROM customer.outbox WHERE type = 'purchase.recorded' AND data->>'customerId' = $1",
          [id],
        )
      ).map((row) => row.purchase);
    const before = await told();
    const [first] = (await Promise.all(Array.from({ length: 20 }, () => record(purchase("pushed once", { customerId: id }))))) as [
      RecordedPurchase,
    ];
    const last = (await record(purchase("pushed after", { customerId: id }))) as RecordedPurchase;
    expect((await told()).filter((each) => !before.includes(each)).toSorted()).toEqual([first.id, last.id].toSorted());
    await until("discount has applied both", async () => {
      const visits = await kava.sql<{ purchase_id: string }>("SELECT purchase_id FROM discount.visit WHERE customer_id = $1", [id]);
      return [first.id, last.id].every((each) => visits.filter((visit) => visit.purchase_id === parsePurchaseId(each)!.uuid).length === 1);
    });
  });
};
