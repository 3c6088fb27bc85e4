import { columns } from "@kava/platform/commands/columns";
import type { Step } from "../domain/explanation.js";

/** Steps as text for a terminal: numbered, tables in columns. */
export const explanationText = (steps: readonly Step[]): string =>
  steps
    .map(({ title, lines, table }, i) =>
      [`${i + 1}. ${title}`, ...lines.map((line) => `   ${line}`), ...(table ? columns(table).map((row) => `   ${row}`) : [])].join("\n"),
    )
    .join("\n\n");
