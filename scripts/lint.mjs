// `npm run lint`: types, the linter with the import law, and the form of the code. Runs all of them, then says which found something.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { node, prepare, root } from "./bootstrap.mjs";

await prepare();
const bin = (name) => join(root, "node_modules", ...name);
const checks = [
  ["types of the build", bin(["typescript", "bin", "tsc"]), ["-b"]],
  ["types of the tests", bin(["typescript", "bin", "tsc"]), ["-p", "tsconfig.tests.json"]],
  ["rules and import law", bin(["oxlint", "bin", "oxlint"]), ["--type-aware"]],
  ["form (npx oxfmt mends it)", bin(["oxfmt", "bin", "oxfmt"]), ["--check", "."]],
];
const failed = checks.filter(([what, program, args]) => {
  process.stdout.write(`${what} …\n`);
  return spawnSync(node, [program, ...args], { cwd: root, stdio: "inherit" }).status !== 0;
});
process.stdout.write(failed.length === 0 ? "Nothing to mend.\n" : `To mend: ${failed.map(([what]) => what).join(", ")}\n`);
process.exit(failed.length === 0 ? 0 : 1);
