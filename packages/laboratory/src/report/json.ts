import type { Findings, Making } from "../frame/findings.js";

/** The findings for machines: figures unrounded, tables as objects by column. Numbers that JSON does not have are null. */
export const jsonReport = (task: string, options: object, { title, lead, parts, notes, figures }: Findings, making: Making): string => {
  const tables = parts.flatMap((part) =>
    part.kind === "table"
      ? [
          {
            title: part.title,
            rows: part.rows.map((row) => Object.fromEntries(part.columns.map(({ name }, at) => [name, row[at] ?? null]))),
          },
        ]
      : [],
  );
  const { command, madeAt, seconds } = making;
  return `${JSON.stringify({ task, title, lead, command, options, madeAt: madeAt.toISOString(), seconds, figures, tables, notes }, null, 2)}\n`;
};
