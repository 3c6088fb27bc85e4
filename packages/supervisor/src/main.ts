import { ConfigurationError } from "@kava/platform/config";
import { supervisorConfig } from "./config.js";
import { createVoice } from "./console/voice.js";
import { ensureDemo, isDemoDue, showcaseCustomer } from "./demo.js";
import { Installation } from "./installation.js";
import { readArguments } from "./arguments.js";
import { welcome } from "./welcome.js";

/** `npm start`: starts the installation, fills the demo, says where everything is, and stays until it is told to stop. */
const main = async (): Promise<void> => {
  const arguments_ = readArguments(process.argv.slice(2));
  const config = supervisorConfig();
  const voice = createVoice((text) => process.stdout.write(text), config.logLevel, config.colour);
  const installation = new Installation(config, voice);
  let stopping = false;
  const stop = async (reason: string, code: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    voice.info("kava", `stopping (${reason})`);
    await installation.stop().catch((error: unknown) => voice.error("kava", `did not stop cleanly: ${String(error)}`));
    voice.info("kava", "stopped");
    process.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(signal, 0));
  process.on("disconnect", () => void stop("the command that started it is gone", 0));
  process.stdout.on("error", () => {}); // the terminal may be gone before we are
  try {
    const instance = await installation.start(!arguments_.empty && isDemoDue(config.home) ? "demo chain" : undefined);
    if (!arguments_.empty) await ensureDemo(instance, config.home, voice);
    installation.nowReady();
    await welcome(instance, config.home, await showcaseCustomer(instance, config.home), voice);
    voice.plain("ready");
    process.send?.({ ready: true, url: instance.url });
  } catch (error) {
    if (stopping) return;
    voice.error("kava", error instanceof Error ? error.message : String(error));
    voice.debug("kava", error instanceof Error ? String(error.stack) : "");
    await stop("it could not start", 1);
  }
};

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof ConfigurationError || error instanceof SyntaxError ? error.message : String(error)}\n`);
  process.exit(2);
}
