import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ANNA, openAtTheCafe, type AtTheCafe } from "../testing/atTheCafe.js";

let at: AtTheCafe;
beforeAll(async () => {
  at = await openAtTheCafe();
});
afterAll(() => at?.close());

const get = async (path: string) => {
  const response = await fetch(`${at.gateway.url}${path}`);
  return { status: response.status, headers: response.headers, text: await response.text() };
};

test("it lives, and is ready when its subgraphs are", async () => {
  expect((await get("/health/live")).status).toBe(200);
  expect(await get("/health/ready")).toMatchObject({ status: 200, text: JSON.stringify({ status: "ready" }) });
});

test("readiness names the subgraphs that are missing", async () => {
  await at.cafe.stop("menu");
  await at.cafe.stop("discount");
  const { text } = await until("it was noticed", async () => {
    const answer = await get("/health/ready");
    return answer.status === 503 && answer.text.includes("discount") && answer.text.includes("menu") ? answer : null;
  });
  expect(JSON.parse(text)).toEqual({ status: "not ready", missing: ["discount", "menu"] });
  await at.cafe.start("menu");
  await at.cafe.start("discount");
  await until("it is ready again", async () => (await get("/health/ready")).status === 200);
});

test("metrics count operations, refusals and nulls that a schema forbids", async () => {
  const token = await at.token({});
  await at.ask("{ menu { name } }");
  await at.ask('{ item(id: "latte") { cost { amount } } }', { token });
  await at.ask(`{ customer(id: "${ANNA}") { id } }`, { token });
  const { text } = await get("/metrics");
  expect(text).toMatch(/kava_gateway_operations_total\{transport="http",outcome="ok",service="gateway"\} [1-9]/);
  expect(text).toMatch(/kava_gateway_refusals_total\{code="FORBIDDEN",service="gateway"\} [1-9]/);
  expect(text).toContain("kava_gateway_null_violations_total");
  expect(text).toMatch(/kava_gateway_subgraph_seconds_count\{service="gateway",subgraph="menu"\} [1-9]/);
});

test("the front page needs nothing from elsewhere, and its policy forbids it", async () => {
  const page = await get("/");
  expect(page.headers.get("content-type")).toContain("text/html");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(page.text).not.toMatch(/(src|href)="https?:/);
  for (const path of [...page.text.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map((found) => found[1]!))
    expect({ path, status: (await get(path)).status }).toEqual({ path, status: 200 });
});

test("the front page leads on: readiness, a token, the visit query, a box to try it", async () => {
  const [page, script] = [await get("/"), await get("/front.js")];
  expect(page.text).toMatch(/npm run -s token/);
  expect(page.text).toMatch(/<textarea id="query"/);
  expect(page.text).not.toContain("/explorer");
  expect(script.text).toContain("personalPrice");
});

test("what is not there is a typed 404", async () => {
  const { status, text } = await get("/nowhere");
  expect(status).toBe(404);
  expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: "NOT_FOUND" } }] });
});

test("readiness is held back, and says why, while the file is there", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "kava-not-ready-")), "not-ready");
  const held = await openAtTheCafe({ notReadyFile: file });
  const ready = () => fetch(`${held.gateway.url}/health/ready`);
  await writeFile(file, "demo chain\n");
  expect(await (await ready()).json()).toEqual({ status: "not ready", missing: ["demo chain"] });
  await rm(file);
  expect((await ready()).status).toBe(200);
  await held.close();
});
