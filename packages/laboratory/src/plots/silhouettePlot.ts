import { WIDTH } from "./axes.js";
import { linearScale, tickText } from "./scale.js";
import { colourOf, element, hint, label, picture } from "./svg.js";

export interface SilhouetteGroup {
  readonly name: string;
  /** One for each member, −1 to 1, in any order. */
  readonly widths: readonly number[];
}

const LEFT = 210;
const RIGHT = 24;
const TOP = 8;
const GAP = 10;
const AREA = 360;
const LONGEST = 30;
/** Points of the edge of a cluster; more cannot be told apart. */
const MOST_POINTS = 300;

/** The silhouettes of every cluster, widest first, and the mean over all as a dashed line. Rousseeuw 1987. */
export const silhouettePlot = (name: string, groups: readonly SilhouetteGroup[], mean: number): string => {
  const count = groups.reduce((sum, { widths }) => sum + widths.length, 0);
  const each = AREA / Math.max(1, count);
  const x = linearScale([Math.min(0, ...groups.map(({ widths }) => widths.reduce((a, b) => Math.min(a, b), 0))), 1], LEFT, WIDTH - RIGHT);
  let top = TOP;
  const areas = groups.map((group, i) => {
    const sorted = [...group.widths].sort((a, b) => b - a);
    const zero = x.place(0).toFixed(1);
    const tall = sorted.length * each;
    const steps = Math.min(sorted.length, MOST_POINTS);
    const edge = Array.from({ length: steps }, (_, p) => {
      const width = sorted[Math.floor(((p + 0.5) * sorted.length) / steps)]!;
      return `L${x.place(width).toFixed(1)} ${(top + ((p + 0.5) * tall) / steps).toFixed(1)}`;
    }).join("");
    const path = `M${zero} ${top.toFixed(1)}${edge}L${zero} ${(top + tall).toFixed(1)}Z`;
    const average = sorted.reduce((sum, width) => sum + width, 0) / Math.max(1, sorted.length);
    const shown = group.name.length > LONGEST ? `${group.name.slice(0, LONGEST - 1)}…` : group.name;
    const drawn =
      element("path", { class: `area ${colourOf(i)}`, d: path }, hint(`${group.name}: mean ${tickText(average, 3)}`)) +
      label(LEFT - 12, top + tall / 2 + 4, shown, { "text-anchor": "end" });
    top += tall + GAP;
    return drawn;
  });
  const ticks = x.ticks.map(
    (tick) =>
      element("line", { class: Math.abs(tick) < 1e-12 ? "zero" : "grid", x1: x.place(tick), x2: x.place(tick), y1: TOP, y2: top }) +
      label(x.place(tick), top + 18, tickText(tick, x.digits), { "text-anchor": "middle" }),
  );
  const line = element("line", { class: "diagonal", x1: x.place(mean), x2: x.place(mean), y1: TOP, y2: top });
  const axis = label((LEFT + WIDTH - RIGHT) / 2, top + 40, "silhouette (1 = far from every other segment)", {
    "text-anchor": "middle",
    class: "axis",
  });
  return picture(WIDTH, top + 48, name, ...ticks, ...areas, line, axis);
};
