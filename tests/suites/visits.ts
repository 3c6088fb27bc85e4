import { MENU, VISIT_QUERY, type MenuAnswer, type Visit } from "@kava/harness/documents";
import { dataOf } from "@kava/harness/graphClient";
import type { Installation } from "@kava/harness/installation";
import type { SmallChain } from "@kava/harness/smallChain";
import { beforeAll, expect, test } from "vitest";
import type { RunningChain } from "./runningChain.js";

/** What a visit is answered, and who is told what. */
export const visits = (running: () => RunningChain): void => {
  let kava: Installation;
  let chain: SmallChain;
  /** Minor units of the chain's currency, which has two digits. */
  const minor = (amount: string): number => Math.round(Number(amount) * 100);

  beforeAll(async () => {
    ({ kava, chain } = running());
  });

  const visit = async (id: string, token?: string | null) => kava.ask<Visit>(VISIT_QUERY, { id }, token);

  test("one query answers segment, five recommendations with reasons, and an offer above its floor or an honest none", async () => {
    const items = new Map(dataOf(await kava.ask<MenuAnswer>(MENU)).menu!.edges.map(({ node }) => [node.id, node]));
    const visits = await Promise.all(chain.regulars.slice(0, 30).map(async (id) => dataOf(await visit(id)).customer!));
    for (const { segment, averageOrderValue, recommendedItems, offer } of visits) {
      expect(segment.name).toMatch(/\p{L}{3}/u);
      expect(minor(averageOrderValue.amount)).toBeGreaterThan(0);
      expect(recommendedItems).toHaveLength(5);
      for (const { because, score, item } of recommendedItems!) {
        expect(because).toMatch(/\p{L}{3}/u);
        expect(score).toBeGreaterThan(0);
        expect(item).toMatchObject({ name: items.get(item!.id)!.name, price: items.get(item!.id)!.price });
      }
      if (!offer) continue;
      expect(offer).toMatchObject({ marginChecked: true, item: { name: items.get(offer.item!.id)!.name } });
      expect(offer.depth).toBeGreaterThan(0);
      expect(offer.depth).toBeLessThanOrEqual(chain.facts.ceiling);
    }
    expect(visits.filter((each) => each.offer !== null).length).toBeGreaterThan(0);
  });

  test("customers are in segments whose names tell them apart", async () => {
    const { customers } = dataOf(
      await kava.ask<{ customers: { edges: { node: { segment: { name: string } } }[] } }>(
        "{ customers(first: 100) { edges { node { segment { name } } } } }",
      ),
    );
    expect(new Set(customers.edges.map(({ node }) => node.segment.name)).size).toBeGreaterThan(1);
  });

  test("no price that a customer is shown is under its floor", async () => {
    const items = new Map(dataOf(await kava.ask<MenuAnswer>(MENU)).menu!.edges.map(({ node }) => [node.id, node]));
    const shown: { itemId: string; amount: string }[] = [];
    for (const id of chain.regulars) {
      const { offer, recommendedItems } = dataOf(await visit(id)).customer!;
      if (offer) shown.push({ itemId: offer.item!.id, amount: offer.price!.amount });
      for (const { item } of recommendedItems!)
        if (item!.personalPrice) shown.push({ itemId: item!.id, amount: item!.personalPrice.amount });
    }
    const margins = shown.map(({ itemId, amount }) => ({
      itemId,
      amount,
      cost: items.get(itemId)!.cost!.amount,
      list: items.get(itemId)!.price.amount,
    }));
    const under = margins.filter(
      ({ amount, cost, list }) => minor(amount) < minor(list) && (minor(amount) - minor(cost)) / minor(amount) < chain.facts.floor,
    );
    expect(shown.length).toBeGreaterThan(chain.regulars.length);
    expect(under).toEqual([]);
  });

  test("a reason is told in the language asked for", async () => {
    const ask = async (language: string) => {
      const response = await fetch(kava.url, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${await kava.token("staff")}`, "accept-language": language },
        body: JSON.stringify({
          query: "query($id: ID!) { customer(id: $id) { recommendedItems(first: 5) { because } } }",
          variables: { id: chain.regulars[0] },
        }),
      });
      return ((await response.json()) as { data: Visit }).data.customer!.recommendedItems!.map(({ because }) => because).join(" ");
    };
    const [english, ukrainian] = [await ask("en"), await ask("uk,en;q=0.5")];
    expect(english).toMatch(/[a-z]{3}/i);
    expect(ukrainian).toMatch(/[іїєґ]|\p{Script=Cyrillic}{4}/iu);
    expect(ukrainian).not.toBe(english);
  });

  test("a customer sees their own visit and nobody else's", async () => {
    const [own, other] = chain.regulars as [string, string];
    const token = await kava.token("customer", { customerId: own });
    expect(dataOf(await kava.ask<Visit>(VISIT_QUERY, { id: own }, token)).customer!.recommendedItems).toHaveLength(5);
    expect(dataOf(await kava.ask<{ me: { id: string } }>("{ me { id } }", {}, token)).me.id).toBe(own);
    expect((await visit(other, token)).data?.customer ?? null).toBeNull();
  });

  test("another tenant sees nothing of this one", async () => {
    const stranger = await kava.token("staff", { tenantId: "5f3d2b0a-8f6e-4c0e-9f43-6f1f3f5d8a10" });
    expect((await visit(chain.regulars[0]!, stranger)).data?.customer ?? null).toBeNull();
    const listed = await kava.ask<{ customers: { edges: unknown[] } | null; menu: { edges: unknown[] } | null }>(
      "{ customers { edges { node { id } } } menu { edges { node { id } } } }",
      {},
      stranger,
    );
    expect(listed.data?.customers?.edges ?? []).toEqual([]);
    expect(listed.data?.menu?.edges ?? []).toEqual([]);
  });

  const SECRETS = [
    ["cost of the menu", "{ menu(first: 3) { edges { node { name cost { amount } } } } }"],
    ["cost under another name", "{ menu(first: 3) { edges { node { price: cost { amount } } } } }"],
    ["cost through a fragment", "{ menu(first: 3) { edges { node { ...F } } } } fragment F on MenuItem { cost { amount } }"],
    ["cost of a recommended item", "query($id: ID!) { customer(id: $id) { recommendedItems { item { cost { amount } } } } }"],
    ["the decision behind an offer", "query($id: ID!) { customer(id: $id) { offer { decision } } }"],
    ["the decision through the pushes", "query($id: ID!) { offerPushes(customerId: $id) { offer { d: decision } } }"],
    ["the sales report", `{ salesByDay(from: "2026-01-01", to: "2026-01-31") { day margin { amount } } }`],
    ["the association rules", "{ associationRules { confidence } }"],
    ["the list of customers", "{ customers { edges { node { displayName } } } }"],
    ["the segments", "{ segments { name size } }"],
  ] as const;

  test.each(SECRETS)("neither a customer, nor a partner, nor a stranger reaches %s", async (_what, query) => {
    const id = chain.regulars[0]!;
    for (const token of [
      await kava.token("customer", { customerId: id }),
      await kava.token("partner", { scopes: ["purchases:write", "customers:read"] }),
      null,
    ]) {
      const answer = await kava.ask<Record<string, unknown>>(query, { id }, token);
      expect(answer.errors.length).toBeGreaterThan(0);
      expect(answer.errors.map(({ extensions }) => extensions?.code)).toEqual(
        answer.errors.map(() => expect.stringMatching(/FORBIDDEN|UNAUTHENTICATED/)),
      );
      expect(Object.values(answer.data ?? {}).filter((value) => value !== null)).toEqual([]);
    }
  });

  test("what a customer is told of an offer names neither floor nor cost", async () => {
    const id = chain.regulars.find((each) => chain.offers.has(each))!;
    const token = await kava.token("customer", { customerId: id });
    const { text, errors } = await kava.ask(
      "query($id: ID!) { customer(id: $id) { offer { id state depth because createdAt expiresAt marginChecked item { name } price { amount } receipt { because personalised decidedAt usedFacts } } } }",
      { id },
      token,
    );
    expect(errors).toEqual([]);
    expect(text).toContain('"personalised"');
    expect(text).not.toMatch(/floor|cost|margin(?!Checked)|ceiling/i);
  });
};
