import type { GraphQLFormattedError } from "graphql";
import type { Data } from "./data.js";

/** A subgraph's answer to one fetch. */
export interface SubgraphAnswer {
  data?: Data | null;
  errors?: readonly GraphQLFormattedError[];
}

/** One fetch of a plan, the same at every run. */
export interface PlannedFetch {
  subgraph: string;
  query: string;
  operationName: string | undefined;
}

/** One run of a plan: what it asks with, and what it has found. */
export interface Run {
  variables: Readonly<Data>;
  fetch: (planned: PlannedFetch, variables: Data) => Promise<SubgraphAnswer>;
  joined: Data;
  errors: unknown[];
}

/** A fetch that is about to be sent. `take` puts its answer into the run; it throws when the answer is none to the question. */
export interface Asked {
  planned: PlannedFetch;
  variables: Data;
  take: (answer: SubgraphAnswer) => void;
}

/** Sends a fetch and takes its answer; what goes wrong is an error of the run, and nobody else's. */
export const send = async ({ planned, variables, take }: Asked, run: Run): Promise<void> => {
  try {
    take(await run.fetch(planned, variables));
  } catch (error) {
    run.errors.push(error);
  }
};
