import type { Learner } from "@kava/algorithms/learning/learner";
import { TreeEnsemble } from "@kava/algorithms/learning/treeEnsemble";

/** Stands for boosting: one tree of cells, cut at fixed places of lateness and at every depth, each leaf the share of buyers. */
export const cellTrees: Learner<TreeEnsemble> = {
  name: "cells",
  fit({ rows, columns, values }, targets) {
    const depthColumn = columns - 1;
    const cuts: [number, number][] = [[1, 0.5], [1, 1.2], ...[5, 15].map((cut): [number, number] => [depthColumn, cut])];
    const nodes = { roots: Int32Array.of(0), feature: [] as number[], value: [] as number[], left: [] as number[] };
    const queue = [{ members: Array.from({ length: rows }, (_, i) => i), level: 0 }];
    for (let node = 0; node < queue.length; node++) {
      const { members, level } = queue[node]!;
      if (level === cuts.length) {
        const share = (members.reduce((sum, i) => sum + targets[i]!, 0) + 1) / (members.length + 4);
        nodes.feature.push(-1);
        nodes.value.push(Math.log(share / (1 - share)));
        nodes.left.push(0);
        continue;
      }
      const [column, cut] = cuts[level]!;
      nodes.feature.push(column);
      nodes.value.push(cut);
      nodes.left.push(queue.length);
      const below = (i: number) => values[i * columns + column]! < cut;
      queue.push({ members: members.filter(below), level: level + 1 }, { members: members.filter((i) => !below(i)), level: level + 1 });
    }
    return new TreeEnsemble({
      features: ["tasteLogit", "lateness", "logFrequency", "logAverageOrder", "logPrice", "newcomer", "depth"],
      link: "logistic",
      base: 0,
      nodes: {
        roots: nodes.roots,
        feature: Int32Array.from(nodes.feature),
        value: Float32Array.from(nodes.value),
        left: Int32Array.from(nodes.left),
        missingLeft: new Uint8Array(nodes.feature.length),
      },
    });
  },
};
