import type { Installation } from "@kava/harness/installation";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser } from "../support/browser.js";
import { until } from "../support/until.js";
import type { RunningChain } from "./runningChain.js";

/** What a newcomer sees at `/`, in a real browser. */
export const frontPage = (running: () => RunningChain): void => {
  let kava: Installation;
  let browser: Browser;
  let page: Page;
  /** What the page itself complained of: errors of its script, and what its policy forbade. */
  const complaints: string[] = [];

  beforeAll(async () => {
    ({ kava } = running());
    browser = await openBrowser();
    page = await browser.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await page.goto(new URL("/", kava.url).href);
  });
  afterAll(() => browser?.close());

  const run = async (): Promise<string> => {
    await page.getByRole("button", { name: /^Run/ }).click();
    const answer = page.getByLabel("Answer");
    await until("it is answered", async () => (await answer.textContent())?.startsWith("{"));
    return (await answer.textContent())!;
  };

  test("it says that everything is ready", async () => {
    const status = page.getByRole("status");
    await until("it has asked", async () => !(await status.textContent())?.startsWith("Asking"));
    expect(await status.textContent()).toBe("Everything is ready");
  });

  test("a stranger reads the menu, and is told what a customer's data needs", async () => {
    await page.getByRole("button", { name: "The menu" }).click();
    expect(JSON.parse(await run()).data.menu.edges.length).toBeGreaterThan(0);
    await page.getByRole("button", { name: "Some customers" }).click();
    expect(JSON.parse(await run()).errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
  });

  test("with a staff's token the first customer found is asked everything about", async () => {
    await page.getByRole("textbox", { name: "Token" }).fill(await kava.token("staff"));
    await page.getByRole("button", { name: "Some customers" }).click();
    expect(JSON.parse(await run()).errors).toBeUndefined();
    await page.getByRole("button", { name: "A visit" }).click();
    const { data, errors } = JSON.parse(await run());
    expect(errors).toBeUndefined();
    expect(data.customer.segment.name).toMatch(/\p{L}{3}/u);
    expect(data.customer.recommendedItems).toHaveLength(5);
  });

  test("variables that are no JSON are named, and nothing is sent", async () => {
    await page.getByRole("textbox", { name: "Variables" }).fill("{ id:");
    await page.getByRole("button", { name: /^Run/ }).click();
    const answer = page.getByLabel("Answer");
    await until("it is said", async () => !(await answer.textContent())?.startsWith("{"));
    expect(await answer.textContent()).toContain("The variables are no JSON");
  });

  test("it fits a telephone, and neither its script nor its policy complained", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    expect(Number(await page.evaluate("document.documentElement.scrollWidth"))).toBeLessThanOrEqual(360);
    expect(complaints.filter((each) => !/status of 4\d\d/.test(each))).toEqual([]);
  });
};
