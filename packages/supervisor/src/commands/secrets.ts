import { chmodSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { newSigningJwk } from "@kava/platform/identity/keys";
import { keptFile, keptSecret, readKept } from "../home.js";

const HELP = `npm run secrets [-- --folder secrets]

Makes the keys that an installation on servers needs: internal-key and signing-key.json. Those that are there stay.`;

const { values } = parseArgs({
  options: { folder: { type: "string", default: "secrets" }, help: { type: "boolean", short: "h", default: false } },
});
if (values.help) {
  process.stdout.write(`${HELP}\n`);
} else {
  const folder = resolve(values.folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const home = { path: folder, secrets: folder };
  const jwk = readKept(home, "signing-key.json") ?? (await newSigningJwk());
  const files = [keptSecret(home, "internal-key").file, keptFile(home, "signing-key.json", () => jwk).file];
  // the folder bars others; a container's user, whose number is another one, must be able to read what is mounted
  chmodSync(folder, 0o700);
  for (const file of files) chmodSync(file, 0o644);
  process.stdout.write(`${files.join("\n")}\n`);
}
