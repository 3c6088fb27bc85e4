import { linearScale, tickText, type Scale } from "./scale.js";
import { element, label } from "./svg.js";

export interface AxisLabels {
  /** What is along the picture and up it, with units. */
  readonly x: string;
  readonly y: string;
}

export const WIDTH = 720;
const LEFT = 76;
const RIGHT = 16;
const TOP = 12;
const BOTTOM = 48;

export interface Axes {
  readonly x: Scale;
  readonly y: Scale;
  /** Grid, ticks and labels. */
  readonly svg: string;
}

/** Two linear axes with a grid around the values that they must show. */
export const axesFor = (labels: AxisLabels, height: number, xs: Iterable<number>, ys: Iterable<number>): Axes => {
  const x = linearScale(xs, LEFT, WIDTH - RIGHT, 8);
  const y = linearScale(ys, height - BOTTOM, TOP, 5);
  const down = height - BOTTOM;
  const svg = [
    ...y.ticks.map((tick) => {
      const at = y.place(tick);
      return (
        element("line", { class: Math.abs(tick) < 1e-12 ? "zero" : "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: at, y2: at }) +
        label(LEFT - 8, at + 4, tickText(tick, y.digits), { "text-anchor": "end" })
      );
    }),
    ...x.ticks.map((tick) => {
      const at = x.place(tick);
      return (
        element("line", { class: "tick", x1: at, x2: at, y1: down, y2: down + 5 }) +
        label(at, down + 20, tickText(tick, x.digits), { "text-anchor": "middle" })
      );
    }),
    label((LEFT + WIDTH - RIGHT) / 2, height - 8, labels.x, { "text-anchor": "middle", class: "axis" }),
    label(0, 0, labels.y, {
      "text-anchor": "middle",
      class: "axis",
      transform: `translate(16 ${(TOP + down) / 2}) rotate(-90)`,
    }),
  ].join("");
  return { x, y, svg };
};
