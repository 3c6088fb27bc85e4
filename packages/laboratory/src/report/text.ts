import { written, type Findings, type Table } from "../frame/findings.js";

/** Rows of a table that are shown in a terminal; all are in the files. */
const MOST_ROWS = 25;

/** The findings for a terminal: tables and notes; plots are for the report. */
export const textReport = ({ title, lead, parts, notes }: Findings): string => {
  const tables = parts.filter((part) => part.kind === "table");
  return [title, lead, "", ...tables.flatMap((each) => [tableText(each), ""]), ...notes.map((note) => `· ${note}`)].join("\n").trimEnd();
};

const tableText = ({ title, columns, rows }: Table): string => {
  const shown = rows.slice(0, MOST_ROWS).map((row) => columns.map((column, at) => written(row[at], column)));
  const numeric = columns.map((_, at) => rows.some((row) => typeof row[at] === "number"));
  const widths = columns.map(({ name }, at) => Math.max(name.length, ...shown.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, at) => (numeric[at] ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!))).join("  ")}`.trimEnd();
  const left = rows.length - shown.length;
  return [
    title,
    line(columns.map(({ name }) => name)),
    line(widths.map((width) => "─".repeat(width))),
    ...shown.map(line),
    ...(left > 0 ? [`  … and ${left.toLocaleString("en-US")} more; all are in --json and --report`] : []),
  ].join("\n");
};
