import { until } from "@kava/tests/support/until";
import { expect, test } from "vitest";
import type { Connect } from "./adapters.js";

/** What every bus must do with wake-ups. */
export const wakeupsContract = (connect: Connect): void => {
  test("reach those who listen to a matching pattern, in every process, and nobody else", async () => {
    const [here, there] = [await connect(), await connect()];
    const heard: Record<string, string[]> = { exact: [], star: [], rest: [], other: [] };
    await here.wakeups.subscribe("offer.pushed.t1.c1", (topic) => heard["exact"]!.push(topic));
    await there.wakeups.subscribe("offer.pushed.*.c1", (topic) => heard["star"]!.push(topic));
    await there.wakeups.subscribe("offer.>", (topic) => heard["rest"]!.push(topic));
    await here.wakeups.subscribe("offer.pushed.t2.*", (topic) => heard["other"]!.push(topic));
    for (const topic of ["offer.pushed.t1.c1", "offer.pushed.t3.c1", "offer.pushed.t1.c9"]) await here.wakeups.publish(topic, ["a"]);
    await until("the widest has heard all", () => heard["rest"]!.length === 3);
    await until("the star has heard both", () => heard["star"]!.length === 2);
    await until("the exact one has heard it", () => heard["exact"]!.length === 1);
    expect(heard).toEqual({
      exact: ["offer.pushed.t1.c1"],
      star: ["offer.pushed.t1.c1", "offer.pushed.t3.c1"],
      rest: expect.any(Array),
      other: [],
    });
  });

  test("name all that there is news of, however much", async () => {
    const [here, there] = [await connect(), await connect()];
    const keys = Array.from({ length: 2_500 }, (_, i) => `customer ${i}`);
    const heard: string[] = [];
    await there.wakeups.subscribe("news.*", (_, some) => heard.push(...some));
    await here.wakeups.publish("news.first", []);
    await here.wakeups.publish("news.first", keys);
    await until("all are heard", () => heard.length === keys.length);
    expect(heard.toSorted()).toEqual(keys.toSorted());
  });

  test("are not kept for who listens later, nor given to who has stopped", async () => {
    const bus = await connect();
    const [early, late]: string[][] = [[], []];
    const subscription = await bus.wakeups.subscribe("news.*", (topic) => early!.push(topic));
    await bus.wakeups.publish("news.first", ["a"]);
    await until("the first is heard", () => early!.length === 1);
    await subscription.close();
    await bus.wakeups.subscribe("news.*", (topic) => late!.push(topic));
    await bus.wakeups.publish("news.second", ["a"]);
    await until("the second is heard", () => late!.length > 0);
    expect([early, late]).toEqual([["news.first"], ["news.second"]]);
  });
};
