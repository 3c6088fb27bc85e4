import type { Step } from "../domain/explanation.js";

/** Steps as text for a terminal: numbered, tables in columns. */
export const explanationText = (steps: readonly Step[]): string =>
  steps
    .map(({ title, lines, table }, i) =>
      [`${i + 1}. ${title}`, ...lines.map((line) => `   ${line}`), ...(table ? columns(table).map((row) => `   ${row}`) : [])].join("\n"),
    )
    .join("\n\n");

/** Rows of cells as lines of equal columns; what begins with a digit stands at the right. */
export const columns = (rows: readonly (readonly string[])[]): string[] => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (/^[\d.]/.test(cell) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
};
