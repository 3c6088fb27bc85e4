import { ConfigurationError, platformConfig } from "./config.js";
import { startSubgraph, type SubgraphDefinition } from "./service.js";
import { untilStopped } from "./shutdown.js";

/**
 * The whole of a subgraph's `main.ts`: reads the environment, starts, says so, and stops in order. A subgraph with an environment of its own gives a
 * function, so that a wrong variable is said as plainly as a wrong one of the platform.
 */
export const launch = async (subgraph: SubgraphDefinition | (() => SubgraphDefinition)): Promise<void> => {
  try {
    const definition = typeof subgraph === "function" ? subgraph() : subgraph;
    const running = await startSubgraph(definition, platformConfig());
    running.platform.logger.info({ url: running.url }, "ready");
    process.send?.({ ready: true, url: running.url });
    untilStopped(running.platform.logger, () => running.close());
  } catch (error) {
    process.stderr.write(
      error instanceof ConfigurationError
        ? `${error.message}\n`
        : `The service did not start: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(1);
  }
};
