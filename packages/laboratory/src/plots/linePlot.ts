import { tickText } from "./scale.js";
import { axesFor, WIDTH, type AxisLabels } from "./axes.js";
import { colourOf, element, hint, picture } from "./svg.js";

export type Point = readonly [x: number, y: number];

export interface Line {
  readonly name: string;
  readonly points: readonly Point[];
  /** Dashed for what is compared with. */
  readonly dashed?: boolean;
  /** Dots at the points, for lines of a few. */
  readonly dots?: boolean;
}

/** More points than can be told apart. */
const MOST_POINTS = 400;

export interface LineOptions extends AxisLabels {
  /** Leaves zero off the upright axis, where only differences matter. */
  readonly withoutZero?: boolean;
}

/** Lines over one pair of axes; colours in the order given. */
export const linePlot = (name: string, options: LineOptions, lines: readonly Line[], height = 380): string => {
  const all = lines.flatMap(({ points }) => thinned(points));
  const { x, y, svg } = axesFor(
    options,
    height,
    all.map(([at]) => at),
    [...(options.withoutZero ? [] : [0]), ...all.map(([, value]) => value)],
  );
  const drawn = lines.map(({ name, points, dashed, dots }, i) => {
    const shown = thinned(points).filter(([, value]) => Number.isFinite(value));
    const path = shown.map(([at, value], p) => `${p === 0 ? "M" : "L"}${x.place(at).toFixed(1)} ${y.place(value).toFixed(1)}`).join("");
    const marks = dots
      ? shown.map(([at, value]) =>
          element(
            "circle",
            { class: `dot ${colourOf(i)}`, cx: x.place(at), cy: y.place(value), r: 4 },
            hint(`${name}: ${tickText(at, x.digits + 1)}, ${tickText(value, y.digits + 2)}`),
          ),
        )
      : [];
    return element("path", { class: `line ${colourOf(i)}${dashed ? " dashed" : ""}`, d: path }, hint(name)) + marks.join("");
  });
  return picture(WIDTH, height, name, svg, ...drawn);
};

const thinned = (points: readonly Point[]): readonly Point[] => {
  if (points.length <= MOST_POINTS) return points;
  return Array.from({ length: MOST_POINTS }, (_, i) => points[Math.round((i * (points.length - 1)) / (MOST_POINTS - 1))]!);
};
