import { WIDTH } from "../plots/axes.js";
import { barPlot } from "../plots/barPlot.js";
import { element, label } from "../plots/svg.js";
import { STYLE } from "../report/style.js";
import { isLearner, mainRows, type ComparedWorld } from "./policyFindings.js";

const TITLE = 30;
const GAP = 18;

/** All worlds in one picture, one under the other on the same axis; a file of its own that opens anywhere. */
export const policyPicture = (compared: readonly ComparedWorld[], stamp: string): string => {
  const span = compared.flatMap((world) => mainRows(world).flatMap(({ percentOfNone: { low, high } }) => [low, high]));
  let top = 12;
  const panels = compared.map((world) => {
    const bars = mainRows(world)
      .filter(({ policy }) => policy !== "none")
      .map(({ policy, percentOfNone: { mean, low, high } }) => ({
        name: policy,
        value: mean,
        colour: isLearner(policy) ? 0 : 7,
        ...(Number.isFinite(low) ? { interval: [low, high] as const } : {}),
      }));
    const plot = barPlot(
      world.name,
      { x: "gained over no offers, % of the margin without", digits: 2, span: span.filter(Number.isFinite) },
      bars,
    );
    const height = Number(/viewBox="0 0 \d+ ([\d.]+)"/.exec(plot)![1]);
    const none = world.comparison.policies[0]!.margin.mean;
    const title = label(12, top + 16, `${world.name}: ${none.toFixed(2)} a customer without offers`, { class: "heading" });
    const placed = plot.replace("<svg ", `<svg x="0" y="${top + TITLE}" width="${WIDTH}" height="${height}" `);
    top += TITLE + height + GAP;
    return title + placed;
  });
  const foot = label(12, top + 4, stamp);
  const height = top + 20;
  const ground = element("rect", { class: "ground", x: 0, y: 0, width: WIDTH, height });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="What policies gain in simulated worlds"><style>${STYLE}
svg{width:auto;height:auto}.ground{fill:var(--ground)}svg .heading{fill:var(--ink);font-size:15px;font-weight:600}</style>${ground}${panels.join("")}${foot}</svg>
`;
};
