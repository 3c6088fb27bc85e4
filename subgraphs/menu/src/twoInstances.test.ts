import { hasRedis, startRedis, type RedisServer } from "@kava/tests/support/redisServer";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMenu, type RunningMenu } from "./testing/startMenu.js";

describe.skipIf(!hasRedis)(`two instances on one Redis${hasRedis ? "" : " (skipped: needs redis-server)"}`, () => {
  let redis: RedisServer;
  let [one, two]: (RunningMenu | undefined)[] = [];
  beforeAll(async () => {
    redis = await startRedis();
    one = await startMenu({ redisUrl: redis.url });
    two = await startMenu({ redisUrl: redis.url, databaseUrl: one.config.databaseUrl });
  });
  afterAll(async () => {
    await one?.close();
    await two?.close();
    await redis?.stop();
  });

  test("a price that is changed at one is seen at the other, though both have it in their memory", async () => {
    const { createItem } = await one!.get<{ createItem: { id: string } }>(
      'mutation { createItem(input: { sku: "E1", name: "Espresso", category: "Coffee", price: "2.00" }) { ... on MenuItem { id } } }',
    );
    const priceAt = async (menu: RunningMenu) =>
      (
        await menu.get<{ item: { price: { amount: string } } | null }>(
          "query ($id: ID!) { item(id: $id) { price { amount } } }",
          createItem,
        )
      ).item?.price.amount;
    for (const price of ["2.10", "2.20", "2.30", "2.40"]) {
      await one!.ask("mutation ($id: ID!, $price: Decimal) { changeItem(input: { id: $id, price: $price }) { __typename } }", {
        ...createItem,
        price,
      });
      expect(await priceAt(one!)).toBe(price);
      await until("the other has heard of it", async () => (await priceAt(two!)) === price);
    }
  });
});
