import type { AnyEvent } from "@kava/contracts/events";
import { newId, tenantIdOf } from "@kava/contracts/ids";
import { until } from "@kava/tests/support/until";
import { expect, test } from "vitest";
import { oneByOne, type Bus, type Closable } from "../port.js";
import type { Connect } from "./adapters.js";

const tenantId = tenantIdOf("kava");

/** A fact that the customer, analytics and discount hear. */
export const venueEvent = (name: string): Extract<AnyEvent, { type: "menu.venue.changed" }> => {
  const venueId = newId();
  const data = { venueId, name, latitude: null, longitude: null };
  return {
    id: newId(),
    type: "menu.venue.changed",
    version: 1,
    tenantId,
    aggregateId: venueId,
    aggregateVersion: 1,
    occurredAt: new Date().toISOString(),
    trace: null,
    data,
  };
};
const nameOf = (event: AnyEvent) => (event.data as { name: string }).name;

/** What every bus must do with events. */
export const eventsContract = (connect: Connect): void => {
  test("an event reaches each consumer that its route names, and no other", async () => {
    const [producer, consumers] = [await connect(), await connect()];
    const heard = { customer: [] as string[], analytics: [] as string[], discount: [] as string[], menu: [] as string[] };
    for (const consumer of ["customer", "analytics", "discount", "menu"] as const)
      await consumers.events.consume(
        consumer,
        oneByOne(async (event) => void heard[consumer].push(nameOf(event))),
      );
    await producer.events.publish([venueEvent("one"), venueEvent("two")]);
    await until("all three have heard both", () => [heard.customer, heard.analytics, heard.discount].every((list) => list.length === 2));
    expect([...heard.customer].sort((a, b) => a.localeCompare(b))).toEqual(["one", "two"]);
    expect(heard.menu).toEqual([]);
    expect(await producer.events.depth("menu")).toBe(0);
  });

  test("an event arrives as it was sent", async () => {
    const bus = await connect();
    const sent = venueEvent('Кав\'ярня “Zerno” \\ "24/7" ☕');
    let got: AnyEvent | undefined;
    await bus.events.consume(
      "customer",
      oneByOne(async (event) => void (got = event)),
    );
    await bus.events.publish([sent]);
    expect(await until("it arrives", () => got)).toEqual(sent);
    await drained(bus);
  });

  test("a consumer that starts later gets what waited for it", async () => {
    const bus = await connect();
    for (const name of ["early", "early too"]) await bus.events.publish([venueEvent(name)]);
    expect(await bus.events.depth("analytics")).toBeGreaterThanOrEqual(2);
    const later = await connect();
    const heard: string[] = [];
    await later.events.consume(
      "analytics",
      oneByOne(async (event) => void heard.push(nameOf(event))),
    );
    await until("it has both", () => ["early", "early too"].every((name) => heard.includes(name)));
    await until("nothing waits", async () => (await bus.events.depth("analytics")) === 0);
    await drained(bus);
  });

  test("an event whose handling fails comes again, each time after a longer pause", async () => {
    const bus = await connect({ attempts: 4, backoffMs: 40 });
    const tries: number[] = [];
    await bus.events.consume(
      "discount",
      oneByOne(async (event) => {
        if (nameOf(event) !== "stubborn") return;
        tries.push(Date.now());
        if (tries.length < 4) throw new Error("not yet");
      }),
    );
    await bus.events.publish([venueEvent("stubborn")]);
    await until("it was handled", () => tries.length === 4);
    const pauses = tries.slice(1).map((at, i) => at - tries[i]!);
    pauses.forEach((pause, i) => expect(pause).toBeGreaterThanOrEqual(40 * 2 ** i - 5)); // at least: never sooner
    expect(await bus.events.deadLetters("discount")).toEqual([]);
    await drained(bus);
  });

  test("an event that cannot be handled becomes a dead letter with its reason; replayed, it is handled", async () => {
    const bus = await connect();
    const [poison, other] = [venueEvent("poison"), venueEvent("other poison")];
    let mended = false;
    const handled: string[] = [];
    await bus.events.consume(
      "discount",
      oneByOne(async (event) => {
        if (!mended) throw new Error(`cannot read ${nameOf(event)}`);
        handled.push(event.id);
      }),
    );
    await bus.events.publish([poison, other]);
    const dead = await until(
      "both are dead",
      async () => (await bus.events.deadLetters("discount")).length === 2 && bus.events.deadLetters("discount"),
    );
    expect(dead.find((letter) => letter.event.id === poison.id)).toMatchObject({
      event: poison,
      reason: "cannot read poison",
      attempts: 3,
      failedAt: expect.any(Date),
    });
    mended = true;
    expect(await bus.events.replay("discount", [poison.id])).toBe(1);
    await until("the one is handled", () => handled.includes(poison.id));
    await until("it is gone", async () => (await bus.events.deadLetters("discount")).length === 1);
    expect(await bus.events.replay("discount", [newId()])).toBe(0);
    expect(await bus.events.replay("discount")).toBe(1);
    await until("the other is handled", () => handled.includes(other.id));
    await until("none is left", async () => (await bus.events.deadLetters("discount")).length === 0);
    expect(handled).toEqual([poison.id, other.id]);
    await drained(bus);
  });

  test("a replayed event that fails again gets all its tries again and is a dead letter once more", async () => {
    const bus = await connect();
    let tries = 0;
    await bus.events.consume("discount", async () => {
      tries += 1;
      throw new Error("still broken");
    });
    await bus.events.publish([venueEvent("hopeless")]);
    await until("it is dead", async () => (await bus.events.deadLetters("discount")).length === 1);
    expect(tries).toBe(3);
    await bus.events.replay("discount");
    await until("it is dead again", async () => tries === 6 && (await bus.events.deadLetters("discount")).length === 1);
  });

  test("an event that does not fit its schema is a dead letter at once and holds up nobody", async () => {
    const bus = await connect({ attempts: 10 });
    const good = venueEvent("good");
    const broken = { ...venueEvent("broken"), data: { venueId: 7 } };
    const heard: string[] = [];
    await bus.events.consume(
      "customer",
      oneByOne(async (event) => void heard.push(event.id)),
    );
    await bus.events.publish([broken as never, good]);
    await until("the good one is handled", () => heard.includes(good.id));
    const [letter] = await until(
      "the broken one is dead",
      async () => (await bus.events.deadLetters("customer")).length > 0 && bus.events.deadLetters("customer"),
    );
    expect(letter).toMatchObject({ attempts: 1, reason: expect.stringContaining("does not fit its schema") });
    expect(letter?.reason).toContain("venueId");
    expect(heard).not.toContain(broken.id);
    await drained(bus);
  });

  test("events that are published together arrive together, in their order", async () => {
    const bus = await connect();
    const events = ["one", "two", "three"].map(venueEvent);
    const messages: string[][] = [];
    await bus.events.consume("discount", async (heard) => void messages.push(heard.map(nameOf)));
    await bus.events.publish(events);
    await until("they are here", () => messages.length > 0);
    expect(messages).toEqual([["one", "two", "three"]]);
    await drained(bus);
  });

  test("of events that came together only the one that cannot be handled is tried again and dies", async () => {
    const bus = await connect();
    const [good, poison, other] = ["good", "poison", "other"].map(venueEvent);
    const handled: string[] = [];
    await bus.events.consume("discount", async (events) => {
      if (events.some((event) => nameOf(event) === "poison")) throw new Error("cannot read poison");
      handled.push(...events.map(nameOf));
    });
    await bus.events.publish([good!, poison!, other!]);
    await until("it is dead", async () => (await bus.events.deadLetters("discount")).some(({ event }) => event.id === poison!.id));
    await until("the others are handled", () => handled.length === 2);
    expect(handled.toSorted((a, b) => a.localeCompare(b))).toEqual(["good", "other"]);
    expect((await bus.events.deadLetters("discount")).filter(({ event }) => [good!.id, other!.id].includes(event.id))).toEqual([]);
    await drained(bus);
  });

  test("a delivery reaches only those who hear so", async () => {
    const bus = await connect();
    const heard: string[] = [];
    for (const consumer of ["customer", "analytics", "discount"] as const)
      await bus.events.consume(
        consumer,
        oneByOne(async () => void heard.push(consumer)),
      );
    await bus.events.publish([venueEvent("batched")], "batched");
    await until("it is heard", () => heard.length > 0);
    expect(heard.splice(0)).toEqual(["analytics"]);
    await bus.events.publish([venueEvent("prompt")], "prompt");
    await until("both hear it", () => heard.length > 1);
    expect(heard.toSorted((a, b) => a.localeCompare(b))).toEqual(["customer", "discount"]);
  });

  test("closing waits for the event that is being handled", async () => {
    const bus = await connect();
    let [begun, finished] = [false, false];
    let finish = () => {};
    const gate = new Promise<void>((resolve) => void (finish = resolve));
    const consumer = await bus.events.consume("analytics", async () => {
      begun = true;
      await gate;
      finished = true;
    });
    await bus.events.publish([venueEvent("slow")]);
    await until("it is being handled", () => begun);
    const closing = consumer.close();
    setImmediate(finish);
    await closing;
    expect(finished).toBe(true);
    expect(await bus.events.depth("analytics")).toBe(0);
  });

  /** Other consumers' queues of this server are emptied, so that the next test begins with none. */
  const drained = async (bus: Bus) => {
    const consumers: Closable[] = [];
    for (const consumer of ["customer", "analytics", "discount"] as const)
      consumers.push(await bus.events.consume(consumer, async () => {}));
    for (const consumer of ["customer", "analytics", "discount"] as const)
      await until(`${consumer} has nothing left`, async () => (await bus.events.depth(consumer)) === 0);
    for (const consumer of consumers) await consumer.close();
  };
};
