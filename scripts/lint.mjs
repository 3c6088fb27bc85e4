// `npm run lint`: types, the linter with the import law, and the form of the code. Runs all of them, then says which found something.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { node, prepare, root } from "./bootstrap.mjs";

await prepare({ checked: true });
const checks = [
  { what: "types of the build", program: "typescript/bin/tsc", args: ["-b"] },
  { what: "types of the tests", program: "typescript/bin/tsc", args: ["-p", "tsconfig.tests.json"] },
  { what: "rules and import law", program: "oxlint/bin/oxlint", args: ["--type-aware"] },
  { what: "form (npx oxfmt mends it)", program: "oxfmt/bin/oxfmt", args: ["--check", "."] },
];
const failed = checks.filter(({ what, program, args }) => {
  process.stdout.write(`${what} …\n`);
  return spawnSync(node, [join(root, "node_modules", program), ...args], { cwd: root, stdio: "inherit" }).status !== 0;
});
process.stdout.write(failed.length === 0 ? "Nothing to mend.\n" : `To mend: ${failed.map(({ what }) => what).join(", ")}\n`);
process.exit(failed.length === 0 ? 0 : 1);
