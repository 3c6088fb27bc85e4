import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readCsv, type CsvFault, type CsvRow } from "./readCsv.js";

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "kava-csv-"));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const collect = async (rows: AsyncIterable<CsvRow>): Promise<CsvRow[]> => {
  const all: CsvRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
};

const read = async (content: string | Buffer): Promise<{ header: string[]; rows: CsvRow[]; faults: CsvFault[] }> => {
  const file = join(place, "records.csv");
  writeFileSync(file, content);
  const faults: CsvFault[] = [];
  const { header, rows } = await readCsv(file, { onFault: (fault) => faults.push(fault) });
  return { header, rows: await collect(rows), faults };
};

test("rows come with their cells, their text and the line on which they begin", async () => {
  const { header, rows } = await read('\uFEFFid,name\r\n1,"Latte, large"\r\n2,"two\nlines"\r\n\r\n3,x\r\n');
  expect(header).toEqual(["id", "name"]);
  expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
    [2, "1", "Latte, large"],
    [3, "2", "two\nlines"],
    [6, "3", "x"],
  ]);
  expect(rows[0]?.raw).toBe('1,"Latte, large"');
});

test("gzip is told by the content, and the sign between cells by the first line", async () => {
  expect((await read(gzipSync("id,name\n1,Latte\n"))).rows.map(({ cells }) => cells)).toEqual([["1", "Latte"]]);
  for (const sign of [";", "\t", "|"])
    for (const stored of [Buffer.from, gzipSync])
      expect((await read(stored(`id${sign}name\n1${sign}Latte, large\n`))).rows[0]?.cells).toEqual(["1", "Latte, large"]);
});

test("a row of another width is a fault with its line and text, and the rows after it are read", async () => {
  const { rows, faults } = await read("id,name\n1,Latte\n2\n3,Mocha,extra\n4,Raf\n");
  expect(rows.map(({ line, cells }) => [line, cells[0]])).toEqual([
    [2, "1"],
    [5, "4"],
  ]);
  expect(faults.map(({ line, raw }) => [line, raw])).toEqual([
    [3, "2"],
    [4, "3,Mocha,extra"],
  ]);
});

test("a missing and an empty file are named", async () => {
  await expect(readCsv(join(place, "nowhere.csv"), { onFault: () => {} })).rejects.toThrow("nowhere.csv");
  await expect(read("")).rejects.toThrow("is empty");
});

test("a damaged archive is named", async () => {
  await expect(read(gzipSync("id,name\n1,Latte\n").subarray(0, 20))).rejects.toThrow(/records\.csv cannot be read/);
});
