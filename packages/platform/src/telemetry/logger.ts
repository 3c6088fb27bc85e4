import { pino, type Logger } from "pino";

export type { Logger };

/** JSON lines on standard output, a level and the service's name on each. Secrets never reach them. */
export const createLogger = (service: string, level: string): Logger =>
  pino({
    name: service,
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: ["*.password", "*.authorization", "req.headers", "headers"],
  });
