import { afterAll, describe, expect, test } from "vitest";
import { gzipSync } from "node:zlib";
import { tasks } from "./tasks.js";
import { TryFolder } from "./tryEvaluate.js";

const folder = new TryFolder();
afterAll(() => folder.remove());
const RECEIPTS = "receipt,item\n1,espresso\n1,croissant\n2,espresso\n2,croissant\n3,tea\n";
folder.write("receipts.csv", RECEIPTS);
const RULES = ["rules", "--basket", "receipt", "--item", "item", "--support", "0.3", "--confidence", "0.5"];

describe("the command line", () => {
  test("without a task lists the tasks, and says with code 2 that one is needed", async () => {
    const { code, err } = await folder.evaluate();
    expect(code).toBe(2);
    for (const { task } of tasks) expect(err).toContain(task.name);
    expect(await folder.evaluate("--help")).toMatchObject({ code: 0, out: expect.stringContaining("rules") as string });
  });

  test("names the task, the option that was probably meant", async () => {
    const wrongTask = await folder.evaluate("segmnts");
    expect(wrongTask.code).toBe(2);
    expect(wrongTask.err).toContain('did you mean "segments"?');
    const wrongOption = await folder.evaluate(...RULES, "--data", "receipts.csv", "--suport", "1");
    expect(wrongOption.code).toBe(2);
    expect(wrongOption.err).toContain("rules has no option --suport");
    expect(wrongOption.err).toContain('"--support"');
    expect(wrongOption.err).toContain("Needed:");
  });

  test.each([
    ["an option that is missing", ["rules", "--data", "receipts.csv"], "--basket is missing"],
    ["a value that is missing", [...RULES, "--data"], "--data needs a value"],
    ["a share that is none", [...RULES.slice(0, -1), "7", "--data", "receipts.csv"], '--confidence "7" must be a number from 0 to 1'],
    ["a word that stands alone", [...RULES, "receipts.csv"], '"receipts.csv" stands alone'],
    [
      "a place that cannot be written to",
      [...RULES, "--data", "receipts.csv", "--json", "nowhere/x.json"],
      "nowhere/x.json cannot be written",
    ],
  ])("refuses %s with the help and code 2", async (_, given, message) => {
    const { code, err } = await folder.evaluate(...given);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain("Needed:");
  });

  test.each(tasks.map((ready) => [ready.task.name, ready] as const))("%s has a help that explains every option", async (name, { task }) => {
    const { code, out } = await folder.evaluate(name, "--help");
    expect(code).toBe(0);
    for (const option of Object.keys(task.options.shape)) expect(out).toMatch(new RegExp(`--${option}( \\S+)? +\\S+ \\S+`));
    expect(out).toContain(task.example);
  });
});

describe("tables", () => {
  test("a column that is not there is told with the nearest and with all", async () => {
    const { code, err } = await folder.evaluate(...RULES, "--data", "receipts.csv", "--item", "itm");
    expect(code).toBe(2);
    expect(err).toContain('receipts.csv has no column "itm"; did you mean "item"?');
    expect(err).toContain("Its columns are: receipt, item");
  });

  test.each([
    ["a file that is not there", "nothing.csv", undefined, "There is no file nothing.csv"],
    ["an empty file", "empty.csv", "", "empty.csv is empty"],
    ["a file with a header alone", "header.csv", "receipt,item\n", "header.csv has no row that can be used"],
    ["a damaged archive", "broken.csv", gzipSync(RECEIPTS.repeat(50)).subarray(0, 60), "broken.csv cannot be read"],
    ["a damaged Parquet file", "broken.parquet", "PAR1 and then nothing", "broken.parquet is no sound Parquet file"],
    [
      "a row of another width",
      "width.csv",
      "receipt,item\n1,tea\n2\n",
      "width.csv, line 3: the row has another number of cells than the header",
    ],
    ["two columns of one name", "twice.csv", "item,item\n1,tea\n", 'twice.csv has two columns named "item"'],
    ["one basket alone", "one.csv", "receipt,item\n1,tea\n1,raf\n", "one.csv has only one basket"],
  ])("%s is told with code 1", async (_, name, content, message) => {
    if (content !== undefined) folder.write(name, content);
    const { code, err } = await folder.evaluate(...RULES, "--data", name);
    expect(err).toContain(message);
    expect(code).toBe(1);
  });

  test("gzip, other signs between cells and keys of several columns are read alike", async () => {
    folder.write("a.csv.gz", gzipSync(RECEIPTS.replaceAll(",", ";")));
    folder.write("b.tsv", "shop\treceipt\titem\na\t1\tespresso\na\t1\tcroissant\nb\t1\tespresso\nb\t1\tcroissant\nb\t2\ttea\n");
    const first = await folder.evaluate(...RULES, "--data", "a.csv.gz", "--json", "a.json");
    const second = await folder.evaluate(...RULES, "--data", "b.tsv", "--basket", "shop,receipt", "--json", "b.json");
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(folder.figures<{ rules: unknown[] }>("a.json").rules).toEqual(folder.figures<{ rules: unknown[] }>("b.json").rules);
    expect(first.parts[0]).toBe("reading a.csv.gz");
  });
});
