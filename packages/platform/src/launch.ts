import { ConfigurationError, platformConfig } from "./config.js";
import { startSubgraph, type SubgraphDefinition } from "./service.js";
import { untilStopped } from "./shutdown.js";

/** The whole of a subgraph's `main.ts`: reads the environment, starts, says so, and stops in order. */
export const launch = async (definition: SubgraphDefinition): Promise<void> => {
  try {
    const running = await startSubgraph(definition, platformConfig());
    running.platform.logger.info({ url: running.url }, "ready");
    process.send?.({ ready: true, url: running.url });
    untilStopped(running.platform.logger, () => running.close());
  } catch (error) {
    process.stderr.write(error instanceof ConfigurationError ? `${error.message}\n` : `${definition.name} did not start: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  }
};
