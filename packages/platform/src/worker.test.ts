import { getPriority } from "node:os";
import { expect, test } from "vitest";
import { runInWorker } from "./worker.js";

const isLinux = process.platform === "linux";

test.skipIf(!isLinux)(
  `a computation stands back behind the thread that answers requests, and that one alone${isLinux ? "" : " (skipped: only Linux gives threads priorities of their own)"}`,
  async () => {
    const before = getPriority();
    expect(await runInWorker<number>(new URL("./testing/priorityApart.js", import.meta.url), null)).toBe(Math.max(15, before));
    expect(getPriority()).toBe(before);
  },
);
