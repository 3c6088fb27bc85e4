import { ConfigurationError } from "@kava/platform/config";
import { untilStopped } from "@kava/platform/shutdown";
import { gatewayConfig } from "./config.js";
import { startGateway } from "./gateway.js";

try {
  const running = await startGateway(gatewayConfig());
  running.logger.info({ url: running.url }, "ready");
  process.send?.({ ready: true, url: running.url });
  untilStopped(running.logger, () => running.close());
} catch (error) {
  process.stderr.write(
    error instanceof ConfigurationError
      ? `${error.message}\n`
      : `gateway did not start: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
}
