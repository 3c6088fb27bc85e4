import { arch, cpus, platform, totalmem } from "node:os";
import { writeFile } from "node:fs/promises";

/** What a bench found: a table for people, the figures for machines, and what a reader must know to believe them. */
export interface Report {
  title: string;
  /** One row for each thing that was measured; the first column names it. Numbers are shown as they are: round them before. */
  rows: Record<string, string | number>[];
  /** How it was measured, what differs between the rows, what went wrong. */
  notes: string[];
  /** Everything that was measured, for the JSON file. */
  figures: Record<string, unknown>;
}

/** A measurement that `npm run bench -- NAME` can make. `options` are the arguments after the name, `--json` taken out. */
export interface Bench {
  /** One line for the list of benches. */
  summary: string;
  run(options: readonly string[]): Promise<Report>;
}

/** Lays a report out as text: columns as wide as their widest cell, numbers to the right. */
export const renderReport = ({ title, rows, notes }: Report): string => {
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const cell = (row: Record<string, string | number>, column: string) => String(row[column] ?? "–");
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => cell(row, column).length)));
  const isNumeric = (column: string) => rows.every((row) => typeof row[column] !== "string");
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => (isNumeric(columns[i]!) ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  return [
    title,
    "",
    line(columns),
    line(widths.map((width) => "─".repeat(width))),
    ...rows.map((row) => line(columns.map((column) => cell(row, column)))),
    ...(notes.length > 0 ? ["", ...notes.map((note) => `· ${note}`)] : []),
    "",
  ].join("\n");
};

/** Writes the figures with the machine they were measured on. */
export const writeReport = async (file: string, name: string, report: Report, measuredAt: Date): Promise<void> => {
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.version,
  };
  await writeFile(
    file,
    `${JSON.stringify({ bench: name, title: report.title, measuredAt: measuredAt.toISOString(), machine, rows: report.rows, notes: report.notes, figures: report.figures }, null, 2)}\n`,
  );
};
