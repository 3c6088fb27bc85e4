import { written, type Findings, type Making, type Plot, type Table } from "../frame/findings.js";
import { colourOf, escaped } from "../plots/svg.js";
import { STYLE } from "./style.js";

/** A page that refers to nothing outside of itself: no script, no font, no picture from elsewhere. */
export const htmlReport = (findings: Findings, { command, madeAt, seconds }: Making): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(findings.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(findings.title)}</h1>
<p class="lead">${escaped(findings.lead)}</p>
<code class="how">${escaped(command)}</code>
${findings.parts.map((part) => (part.kind === "table" ? tableMarkup(part) : plotMarkup(part))).join("\n")}
${notesMarkup(findings.notes)}
<footer>Made by Kava's laboratory on ${madeAt.toISOString().slice(0, 16).replace("T", " ")} UTC in ${seconds.toFixed(1)} s. The same command on the same data gives the same figures.</footer>
</body>
</html>
`;

/** Cells of so few letters are kept on one line: intervals, names. */
const SHORT = 18;

const tableMarkup = ({ title, columns, rows }: Table): string => {
  const numeric = columns.map((_, at) => rows.some((row) => typeof row[at] === "number"));
  const cell = (kind: "th" | "td", text: string, at: number): string =>
    `<${kind}${numeric[at] ? ' class="n"' : kind === "td" && text.length <= SHORT ? ' class="s"' : ""}>${escaped(text)}</${kind}>`;
  const head = columns.map(({ name }, at) => cell("th", name, at)).join("");
  const body = rows.map((row) => `<tr>${columns.map((column, at) => cell("td", written(row[at], column), at)).join("")}</tr>`).join("\n");
  return `<h2>${escaped(title)}</h2>\n<div class="wide"><table><thead><tr>${head}</tr></thead>\n<tbody>${body}</tbody></table></div>`;
};

const plotMarkup = ({ title, caption, legend, svg }: Plot): string => {
  const series = legend.map((name, at) => `<li class="${colourOf(at)}">${escaped(name)}</li>`).join("");
  const shown = series === "" ? "" : `<ul class="legend">${series}</ul>`;
  return `<h2>${escaped(title)}</h2>\n<figure><figcaption>${escaped(caption)}</figcaption>${shown}\n${svg}</figure>`;
};

const notesMarkup = (notes: readonly string[]): string =>
  notes.length === 0 ? "" : `<h2>To know</h2>\n<ul class="notes">${notes.map((note) => `<li>${escaped(note)}</li>`).join("")}</ul>`;
