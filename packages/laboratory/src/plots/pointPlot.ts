import { axesFor, WIDTH, type AxisLabels } from "./axes.js";
import { tickText } from "./scale.js";
import { colourOf, element, hint, picture } from "./svg.js";

export interface Dot {
  readonly x: number;
  readonly y: number;
  /** Ends of its upright interval. */
  readonly interval?: readonly [low: number, high: number];
  /** Radius; 4 unless told. */
  readonly size?: number;
  readonly name?: string;
}

export interface Dots {
  readonly name: string;
  readonly dots: readonly Dot[];
}

export interface PointOptions extends AxisLabels {
  /** Draws the line on which both values are equal. */
  readonly diagonal?: boolean;
  /** Zero is on both axes. */
  readonly fromZero?: boolean;
}

/** Dots over one pair of axes; colours in the order of the series. */
export const pointPlot = (name: string, options: PointOptions, series: readonly Dots[], height = 380): string => {
  const all = series.flatMap(({ dots }) => dots);
  const zero = options.fromZero ? [0] : [];
  const { x, y, svg } = axesFor(
    options,
    height,
    [...zero, ...all.map((dot) => dot.x)],
    [...zero, ...all.flatMap((dot) => [dot.y, ...(dot.interval ?? [])])],
  );
  const from = Math.max(x.ticks[0]!, y.ticks[0]!);
  const to = Math.min(x.ticks.at(-1)!, y.ticks.at(-1)!);
  const ends = { x1: x.place(from), y1: y.place(from), x2: x.place(to), y2: y.place(to) };
  const diagonal = options.diagonal && from < to ? element("line", { class: "diagonal", ...ends }) : "";
  const drawn = series.flatMap(({ name, dots }, i) =>
    dots.map((dot) => {
      const [cx, cy] = [x.place(dot.x), y.place(dot.y)];
      const whisker = dot.interval
        ? element("line", { class: `reach ${colourOf(i)}`, x1: cx, x2: cx, y1: y.place(dot.interval[0]), y2: y.place(dot.interval[1]) })
        : "";
      const words = hint(`${dot.name ?? name}: ${tickText(dot.x, x.digits + 2)}, ${tickText(dot.y, y.digits + 2)}`);
      return whisker + element("circle", { class: `dot ${colourOf(i)}`, cx, cy, r: dot.size ?? 4 }, words);
    }),
  );
  return picture(WIDTH, height, name, svg, diagonal, ...drawn);
};
