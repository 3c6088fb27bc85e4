// `npm test`: installs and builds what is missing, runs every test that needs nothing but Node.js, and says what was skipped and why.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { node, prepare, root } from "./bootstrap.mjs";

await prepare({ checked: true });
const folder = mkdtempSync(join(tmpdir(), "kava-test-report-"));
const report = join(folder, "report.json");
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const child = spawn(
  node,
  [vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` },
  },
);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => {
  try {
    sayWhatWasSkipped(JSON.parse(readFileSync(report, "utf8")));
  } catch {
    process.stderr.write("Vitest ended without a report.\n");
  }
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 1);
});

/** A skipped test says in its name, or in that of its group, what it needs. */
function sayWhatWasSkipped(result) {
  const tests = result.testResults.flatMap((file) => file.assertionResults);
  const skipped = tests.filter((test) => ["skipped", "pending", "todo"].includes(test.status));
  if (skipped.length === 0) return console.log(`\nNo test was skipped: all ${tests.length} ran.`);
  console.log(`\nSkipped: ${skipped.length} of ${tests.length} tests. What each needs stands in its name:`);
  const names = new Set(
    skipped.map(
      (test) =>
        `  - ${test.ancestorTitles.length > 0 && /skip|need/i.test(test.ancestorTitles[0]) ? test.ancestorTitles[0] : test.fullName}`,
    ),
  );
  console.log([...names].sort((a, b) => a.localeCompare(b)).join("\n"));
}
