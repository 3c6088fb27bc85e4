/** Why a supergraph is not composed: which part of which subgraph, why, and what to do. */
export interface Problem {
  subgraph: string;
  /** `Type` or `Type.field`, where it stands in the subgraph's SDL. */
  where: string;
  why: string;
  cure: string;
}

/** Thrown when the subgraphs do not make a supergraph that this gateway answers rightly; the message lists every problem. */
export class CompositionRefused extends Error {
  override readonly name = "CompositionRefused";
  constructor(readonly problems: readonly Problem[]) {
    super(
      `The supergraph is not composed: ${problems.length} problem${problems.length === 1 ? "" : "s"}.\n${problems.map(sentence).join("\n")}`,
    );
  }
}

const sentence = ({ subgraph, where, why, cure }: Problem): string => `  ${subgraph}: ${where}\n    why:  ${why}\n    cure: ${cure}`;
