import { WIDTH } from "./axes.js";
import { linearScale, tickText } from "./scale.js";
import { colourOf, element, hint, label, picture } from "./svg.js";

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Ends of its interval. */
  readonly interval?: readonly [low: number, high: number];
  /** Place of its colour; 0 unless told. */
  readonly colour?: number;
}

export interface BarOptions {
  /** What the values are, with units. */
  readonly x: string;
  /** Digits after the point of the values beside the bars. */
  readonly digits: number;
  /** Values that must be on the axis too, so that several pictures have the same. */
  readonly span?: readonly number[];
}

const ROW = 26;
const TOP = 8;
const BOTTOM = 46;
const END = 64;
/** About the width of a letter at the size of the labels. */
const LETTER = 6.6;
const LONGEST = 42;

/** Bars that lie, one under the other, with their values; zero is always on the axis. */
export const barPlot = (name: string, { x: title, digits, span = [] }: BarOptions, bars: readonly Bar[]): string => {
  const height = TOP + bars.length * ROW + BOTTOM;
  const left = 12 + LETTER * Math.min(LONGEST, Math.max(...bars.map((bar) => bar.name.length), 6));
  const scale = linearScale([0, ...span, ...bars.flatMap(({ value, interval = [] }) => [value, ...interval])], left, WIDTH - END, 6);
  const bottom = TOP + bars.length * ROW;
  const grid = scale.ticks.map((tick) => {
    const at = scale.place(tick);
    return (
      element("line", { class: Math.abs(tick) < 1e-12 ? "zero" : "grid", x1: at, x2: at, y1: TOP, y2: bottom }) +
      label(at, bottom + 18, tickText(tick, scale.digits), { "text-anchor": "middle" })
    );
  });
  const drawn = bars.map((bar, i) => {
    const middle = TOP + i * ROW + ROW / 2;
    const [from, to] = [scale.place(0), scale.place(bar.value)].sort((a, b) => a - b);
    const farthest = Math.max(to!, ...(bar.interval ?? []).map((end) => scale.place(end)));
    const shownName = bar.name.length > LONGEST ? `${bar.name.slice(0, LONGEST - 1)}…` : bar.name;
    return [
      label(left - 8, middle + 4, shownName, { "text-anchor": "end" }),
      element(
        "rect",
        { class: `bar ${colourOf(bar.colour ?? 0)}`, x: from!, y: middle - 8, width: Math.max(0.5, to! - from!), height: 16, rx: 2 },
        hint(`${bar.name}: ${tickText(bar.value, digits)}`),
      ),
      whisker(bar, middle, scale.place),
      label(farthest + 6, middle + 4, tickText(bar.value, digits), { class: "value" }),
    ].join("");
  });
  const axis = label((left + WIDTH - END) / 2, height - 8, title, { "text-anchor": "middle", class: "axis" });
  return picture(WIDTH, height, name, ...grid, ...drawn, axis);
};

const whisker = ({ interval }: Bar, middle: number, place: (value: number) => number): string => {
  if (!interval) return "";
  const [low, high] = [place(interval[0]), place(interval[1])];
  const stroke = (x1: number, x2: number, y1: number, y2: number): string => element("line", { class: "whisker", x1, x2, y1, y2 });
  return stroke(low, high, middle, middle) + stroke(low, low, middle - 5, middle + 5) + stroke(high, high, middle - 5, middle + 5);
};
