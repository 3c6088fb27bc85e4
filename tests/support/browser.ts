import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

/** Where systems keep the browser; playwright-core brings none of its own. */
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));

/** Whether this machine has the browser; tests that need it say so in their name. */
export const hasBrowser = CHROMIUM !== undefined;

/** Without its sandbox when we are root, for whom Chromium has none. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM!, chromiumSandbox: process.getuid?.() !== 0, args: ["--disable-dev-shm-usage"] });
