/** The few parts of SVG that the plots are made of. Colours are classes: report/style.ts gives them for light and dark. */
export type Attributes = Readonly<Record<string, string | number>>;

/** An element with its attributes; `inside` is markup already. */
export const element = (name: string, attributes: Attributes, ...inside: readonly string[]): string => {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? rounded(value) : escaped(value)}"`)
    .join("");
  return inside.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${inside.join("")}</${name}>`;
};

/** A label. */
export const label = (x: number, y: number, text: string, attributes: Attributes = {}): string =>
  element("text", { x, y, ...attributes }, escaped(text));

/** Shown when the pointer rests on the element that holds it. */
export const hint = (text: string): string => element("title", {}, escaped(text));

export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const rounded = (value: number): string => String(Math.round(value * 100) / 100);

/** The whole picture; `name` is read to those who do not see it. */
export const picture = (width: number, height: number, name: string, ...inside: readonly string[]): string =>
  element("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": name }, ...inside);

/** The class of the series at this place; there are eight colours. */
export const colourOf = (at: number): string => `c${at % 8}`;
