// A supervisor whose services are fixtures: takes HOME_FOLDER, PORT and the fixture's path, and prints its instance as a line of JSON when it is up.
import { createVoice } from "../../packages/supervisor/dist/console/voice.js";
import { Installation } from "../../packages/supervisor/dist/installation.js";
import { SERVICES } from "../../packages/supervisor/dist/services.js";

const voice = createVoice((text) => process.stderr.write(text), "debug", false);
const main = new URL("./fixtureService.mjs", import.meta.url).pathname;
const programs = (around) =>
  SERVICES.map((name) => ({ name, main, env: { ...process.env, DATABASE_URL: around.databaseUrl, PORT: String(around.ports[name]) } }));
const installation = new Installation(
  { host: "127.0.0.1", port: Number(process.env.PORT), home: process.env.HOME_FOLDER, logLevel: "debug", colour: false },
  voice,
  { programs },
);
const stop = (code) => installation.stop().then(() => process.exit(code));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => void stop(0));
try {
  const instance = await installation.start();
  process.stdout.write(`${JSON.stringify({ instance, pids: installation.pids() })}\n`);
} catch (error) {
  process.stderr.write(`FAILED ${error.message}\n`);
  await stop(1);
}
