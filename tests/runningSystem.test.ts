import { loadSmallChain } from "@kava/harness/smallChain";
import { afterAll, beforeAll, describe } from "vitest";
import { frontPage } from "./suites/frontPage.js";
import { keys } from "./suites/keys.js";
import { pushes } from "./suites/pushes.js";
import { refusals } from "./suites/refusals.js";
import type { RunningChain } from "./suites/runningChain.js";
import { visits } from "./suites/visits.js";
import { hasBrowser } from "./support/browser.js";
import { startSystem } from "./support/system.js";

// One installation for all that does it no harm: a start and a load cost more than most of these tests.
let running: RunningChain;

beforeAll(async () => {
  const kava = await startSystem();
  running = { kava, chain: await loadSmallChain(kava) };
});
afterAll(async () => {
  await running?.kava.stop();
  await running?.kava.remove();
});

describe("a visit", () => {
  visits(() => running);
});
describe("a refusal", () => {
  refusals(() => running);
});
describe("an idempotency key", () => {
  keys(() => running);
});
describe("a push", () => {
  pushes(() => running);
});
describe.skipIf(!hasBrowser)(
  `the front page in a browser${hasBrowser ? "" : " (skipped: needs Chromium, Debian's package chromium)"}`,
  () => {
    frontPage(() => running);
  },
);
