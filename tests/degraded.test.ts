import { VISIT_QUERY, type Visit } from "@kava/harness/documents";
import type { Installation } from "@kava/harness/installation";
import type { Service } from "@kava/harness/processes";
import { loadSmallChain, type SmallChain } from "@kava/harness/smallChain";
import { until } from "@kava/harness/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSystem } from "./support/system.js";

let kava: Installation;
let chain: SmallChain;
let id: string;

beforeAll(async () => {
  kava = await startSystem({ environment: { SUBGRAPH_TIMEOUT_MS: "1000" } });
  chain = await loadSmallChain(kava);
  id = chain.regulars.find((each) => chain.offers.has(each))!;
});
afterAll(async () => {
  await kava?.stop();
  await kava?.remove();
});

const readiness = async () => {
  const response = await fetch(`http://127.0.0.1:${kava.port}/health/ready`);
  return { status: response.status, text: await response.text() };
};
/** Runs while the process stands still: it holds its connections and answers nothing, the worst way to be down. */
const whileStopped = async (service: Service, run: () => Promise<void>): Promise<void> => {
  await kava.signal(service, "SIGSTOP");
  try {
    await until(`/health/ready names ${service}`, async () => {
      const { status, text } = await readiness();
      return status === 503 && text.includes(service);
    });
    await run();
  } finally {
    await kava.signal(service, "SIGCONT");
  }
  await until("all is ready again", async () => (await readiness()).status === 200);
};
const visit = () => kava.ask<Visit>(VISIT_QUERY, { id });
const unavailable = (name: string) => ({ message: expect.stringContaining(name), extensions: { code: "SERVICE_UNAVAILABLE" } });

test("with all running the visit is whole", async () => {
  const { data, errors } = await visit();
  expect(errors).toEqual([]);
  expect(data!.customer).toMatchObject({ segment: { name: expect.any(String) }, offer: { item: { name: expect.any(String) } } });
  expect(data!.customer!.recommendedItems).toHaveLength(5);
});

test("with menu stopped segment, recommendations and the offer's price are still answered", () =>
  whileStopped("menu", async () => {
    const { data, errors } = await visit();
    expect(errors).toContainEqual(expect.objectContaining(unavailable("menu")));
    expect(data!.customer).toMatchObject({
      segment: { name: expect.stringMatching(/\w/) },
      averageOrderValue: { amount: expect.any(String) },
      offer: { depth: expect.any(Number), price: { amount: expect.any(String) } },
    });
    expect(data!.customer!.recommendedItems!.map(({ because }) => because)).toHaveLength(5);
  }));

test("with analytics stopped segment and offer are still answered", () =>
  whileStopped("analytics", async () => {
    const { data, errors } = await visit();
    expect(errors).toContainEqual(expect.objectContaining(unavailable("analytics")));
    expect(data!.customer).toMatchObject({
      segment: { name: expect.stringMatching(/\w/) },
      recommendedItems: null,
      offer: { item: { name: expect.any(String) }, price: { amount: expect.any(String) } },
    });
  }));

test("with discount stopped segment and recommendations at list prices are still answered", () =>
  whileStopped("discount", async () => {
    const { data, errors } = await visit();
    expect(errors).toContainEqual(expect.objectContaining(unavailable("discount")));
    expect(data!.customer).toMatchObject({ segment: { name: expect.stringMatching(/\w/) }, offer: null });
    expect(data!.customer!.recommendedItems!.map(({ item }) => item!.price.amount)).toHaveLength(5);
  }));

test("with customer stopped menu, offers and sales are still answered", () =>
  whileStopped("customer", async () => {
    const seen = await visit();
    expect(seen.errors).toContainEqual(expect.objectContaining(unavailable("customer")));
    const { data } = await kava.ask<{ menu: { edges: unknown[] }; offerPushes: unknown[]; associationRules: unknown[] }>(
      "query($id: ID!) { menu(first: 5) { edges { node { name price { amount } } } } offerPushes(customerId: $id) { cursor offer { item { name } } } associationRules(first: 3) { confidence } }",
      { id },
    );
    expect(data!.menu.edges).toHaveLength(5);
    expect(data!.offerPushes).toEqual(expect.any(Array));
    expect(data!.associationRules).toEqual(expect.any(Array));
  }));

test("after all of that the visit is whole again", async () => {
  const { data } = await until("no error is left", async () => {
    const answer = await visit();
    return answer.errors.length === 0 && answer;
  });
  expect(data!.customer!.recommendedItems).toHaveLength(5);
});
