import { OFFER_PUSHES, type PurchaseInput, type PushesAnswer } from "@kava/harness/documents";
import { dataOf } from "@kava/harness/graphClient";
import type { Installation } from "@kava/harness/installation";
import type { SmallChain } from "@kava/harness/smallChain";
import { recordUntilAcknowledged } from "@kava/harness/till";
import { until } from "@kava/harness/until";
import { beforeAll, expect, test } from "vitest";
import type { RunningChain } from "./runningChain.js";

/** From a purchase to the push that a subscriber sees. */
export const pushes = (running: () => RunningChain): void => {
  let kava: Installation;
  let chain: SmallChain;
  let keys = 0;

  beforeAll(async () => {
    ({ kava, chain } = running());
  });

  const buy = async (customerId: string, change: Partial<PurchaseInput> = {}) =>
    recordUntilAcknowledged(
      { url: kava.url, token: await kava.token("staff") },
      {
        customerId,
        venueId: chain.venues[0]!.id,
        idempotencyKey: `push-${(keys += 1)}`,
        lines: [{ itemId: chain.items[keys % 5]!.id, quantity: 1 }],
        ...change,
      },
    );
  const pushesOf = async (id: string, after?: string) =>
    dataOf(await kava.ask<PushesAnswer>(OFFER_PUSHES, { id, after, first: 100 })).offerPushes!;
  /** A purchase whose push is there: from its cursor on nothing can be missed. */
  const firstCursor = async (id: string) => {
    await buy(id);
    return until("the first push is there", async () => (await pushesOf(id)).at(-1)?.cursor);
  };
  const subjects = () => chain.regulars.filter((id) => !chain.isHeldOut(id));

  test("a purchase pushes the next offer, joined with segment and recommendations", async () => {
    const id = subjects().find((each) => chain.offers.has(each))!;
    const subscriber = kava.subscribe(id, { after: await firstCursor(id) });
    await buy(id);
    const push = await until("the push came", () => subscriber.received.find((each) => each.offer));
    await subscriber.close();
    expect(push).toMatchObject({ customerId: id, cursor: expect.stringMatching(/./) });
    expect(push.offer).toMatchObject({
      depth: expect.any(Number),
      item: { name: expect.any(String) },
      price: { amount: expect.stringMatching(/^\d+\.\d\d$/) },
    });
    expect(push.offer!.customer).toMatchObject({ segment: { name: expect.stringMatching(/\p{L}{3}/u) } });
    expect(push.offer!.customer!.recommendedItems!.map(({ item }) => item!.name)).toHaveLength(3);
    expect(subscriber.errors).toEqual([]);
  });

  test("every purchase pushes, also when the offer is unchanged or none", async () => {
    const [id] = subjects() as [string];
    const subscriber = kava.subscribe(id, { after: await firstCursor(id) });
    for (let i = 1; i <= 5; i += 1) {
      await buy(id);
      await until(`push ${i} came`, () => subscriber.received.length >= i);
    }
    await subscriber.close();
    const offers = new Set(subscriber.received.map(({ offer }) => offer?.id));
    expect(offers.size).toBeLessThan(subscriber.received.length);
  });

  test("without a cursor only what is pushed from now on comes", async () => {
    const id = subjects()[1]!;
    const old = await firstCursor(id);
    const subscriber = kava.subscribe(id);
    await subscriber.connected();
    await until("a push came", async () => {
      await buy(id);
      return subscriber.received.length > 0;
    });
    await subscriber.close();
    const since = (await pushesOf(id, old)).map(({ cursor }) => cursor);
    expect(since).toEqual(expect.arrayContaining(subscriber.received.map(({ cursor }) => cursor)));
    expect(subscriber.received.map(({ cursor }) => cursor)).not.toContain(old);
  });

  test("a customer of the holdout is never offered or pushed anything", async () => {
    const id =
      chain.customers.find((each) => chain.isHeldOut(each.id) && chain.regulars.includes(each.id))?.id ??
      chain.customers.find((each) => chain.isHeldOut(each.id))!.id;
    const witness = subjects()[2]!;
    const [subscriber, other] = [kava.subscribe(id), kava.subscribe(witness, { after: await firstCursor(witness) })];
    await subscriber.connected();
    await buy(id);
    await buy(witness);
    await until("a purchase after it was pushed", () => other.received.length > 0);
    const { customer } = dataOf(
      await kava.ask<{ customer: { offer: unknown } }>("query($id: ID!) { customer(id: $id) { offer { id } } }", { id }),
    );
    expect(customer.offer).toBeNull();
    expect(await pushesOf(id)).toEqual([]);
    expect(subscriber.received).toEqual([]);
    await Promise.all([subscriber.close(), other.close()]);
  });

  test("who comes back with a cursor misses nothing and sees nothing twice", async () => {
    const id = subjects()[3]!;
    const after = await firstCursor(id);
    const subscriber = kava.subscribe(id, { after });
    for (let i = 0; i < 12; i += 1) {
      await buy(id);
      if (i % 3 === 0) {
        await subscriber.connected();
        subscriber.cut();
      }
    }
    const expected = await until("all twelve are pushed", async () => {
      const pushed = (await pushesOf(id, after)).map(({ cursor }) => cursor);
      return pushed.length >= 12 && pushed;
    });
    await until("the subscriber has them", () => subscriber.received.length >= expected.length);
    await subscriber.close();
    expect(subscriber.received.map(({ cursor }) => cursor).slice(0, expected.length)).toEqual(expected);
    expect(subscriber.connections).toBeGreaterThan(2);
  });

  test("nobody hears another customer's offers", async () => {
    const [own, other] = subjects().slice(4, 6) as [string, string];
    const after = await firstCursor(other);
    const spy = kava.subscribe(other, { after, token: () => kava.token("customer", { customerId: own }) });
    const witness = kava.subscribe(other, { after });
    await buy(other);
    await until("its owner hears it", () => witness.received.length > 0);
    await until("the other is refused", () => spy.errors.length > 0 || spy.connections > 1);
    expect(spy.received).toEqual([]);
    await Promise.all([spy.close(), witness.close()]);
  });
};
