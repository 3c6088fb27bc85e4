import type { Progress } from "@kava/importer/terminal/progress";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { TryFolder } from "../tryEvaluate.js";
import { FeatureReader } from "./featureReader.js";
import { openData } from "./openData.js";
import { readColumns } from "./readColumns.js";
import { DateReader, KeyReader, NumberReader } from "./readers.js";

const folder = new TryFolder();
afterAll(() => folder.remove());
const silent: Progress = { part: () => {}, at: () => {}, say: () => {}, end: () => {} };
const open = (name: string) => openData(name, { cwd: folder.path, progress: silent });
const purchases = () => ({ who: new KeyReader(["who"]), at: new DateReader(["at"], undefined), paid: new NumberReader(["paid"]) });

test("cells become numbers: keys are numbered, dates are milliseconds, amounts as people write them", async () => {
  folder.write("good.csv", 'who,at,paid\nada,2026-01-01,"$1,234.50"\nbob,2026-01-02,3\nada,2026-01-03,-2\n');
  const readers = purchases();
  const { rows, values, leftOut } = await readColumns(await open("good.csv"), readers);
  expect(rows).toBe(3);
  expect([...values.who]).toEqual([0, 1, 0]);
  expect(readers.who.names).toEqual(["ada", "bob"]);
  expect([...values.at]).toEqual([1, 2, 3].map((day) => Date.UTC(2026, 0, day)));
  expect([...values.paid]).toEqual([1234.5, 3, -2]);
  expect(leftOut).toEqual([]);
});

describe("a cell that cannot be read", () => {
  folder.write("bad.csv", "who,at,paid\nada,2026-01-01,1\nbob,2026-01-02,three\neve,2026-01-32,4\n,2026-01-04,5\n");

  test("stops the reading with line, column and what to do", async () => {
    await expect(readColumns(await open("bad.csv"), purchases())).rejects.toThrow(
      'bad.csv, line 3, column "paid": "three" is not a number.\nMend it, or leave out what cannot be read with --skip-wrong',
    );
  });

  test("is left out where that is asked for, and said, as are rows that are empty", async () => {
    const { rows, leftOut } = await readColumns(await open("bad.csv"), purchases(), { skipWrong: true });
    expect(rows).toBe(1);
    expect(leftOut[0]).toBe('1 row was left out because "who" is empty');
    expect(leftOut[1]).toContain("2 rows were left out because they cannot be read; the first: bad.csv, line 3");
  });

  test("is a date in a form that could be read in two ways, with the option that tells it", async () => {
    folder.write("dates.csv", "who,at,paid\nada,1/2/2026,1\n");
    await expect(readColumns(await open("dates.csv"), purchases())).rejects.toThrow("--date-format d/M/yyyy");
    const readers = { ...purchases(), at: new DateReader(["at"], "d/M/yyyy") };
    const { values } = await readColumns(await open("dates.csv"), readers);
    expect(values.at[0]).toBe(Date.UTC(2026, 1, 1));
  });

  test.each(["Infinity", "1e999", "NaN5"])("is %s, which is no finite number", async (text) => {
    folder.write("odd.csv", `paid\n${text}\n`);
    await expect(readColumns(await open("odd.csv"), { paid: new NumberReader(["paid"]) })).rejects.toThrow("is not a number");
  });
});

test("Parquet is read by columns: texts, moments, large integers, truth values, nulls", async () => {
  const file = fileURLToPath(new URL("fixtures/purchases.parquet", import.meta.url));
  const readers = {
    customer: new KeyReader(["customer"]),
    at: new DateReader(["at"], undefined),
    paid: new NumberReader(["paid"]),
    points: new NumberReader(["points"]),
    member: new NumberReader(["member"]),
  };
  const { rows, values, leftOut } = await readColumns(await open(file), readers);
  expect(rows).toBe(5);
  expect(readers.customer.names).toEqual(["ada", "bob", "eve"]);
  expect(values.at[0]).toBe(Date.UTC(2026, 0, 1, 9));
  expect([...values.paid]).toEqual([3.5, 4, 6.25, 1, 5]);
  expect([...values.points]).toEqual([1, 2, 4, 5, 6]);
  expect([...values.member]).toEqual([1, 0, 1, 1, 0]);
  expect(leftOut).toEqual(['1 row was left out because "customer" is empty']);
});

test("a feature is made of categories as soon as one cell is no number, the most frequent first", async () => {
  folder.write("features.csv", "age,plan\n31,2\n,basic\n40,basic\n");
  const readers = { age: new FeatureReader("age"), plan: new FeatureReader("plan") };
  const { values } = await readColumns(await open("features.csv"), readers, { optional: ["age", "plan"] });
  expect(readers.age.feature(values.age).numbers).toEqual(Float64Array.of(31, Number.NaN, 40));
  expect(readers.plan.feature(values.plan)).toMatchObject({ levels: ["basic", "2"], codes: Int32Array.of(1, 0, 0), numbers: null });
});
