import { LEVELS, type Level } from "./voice.js";

/** A service's line of log, read for a terminal. */
export interface LogLine {
  level: Level;
  text: string;
}

const HIDDEN = new Set(["level", "time", "msg", "service", "name", "pid", "hostname", "err"]);

/** Reads a JSON line as pino writes it: the message, its other fields as `name=value`, an error's stack below. Anything else stands as it is. */
export const readLogLine = (raw: string, otherwise: Level): LogLine => {
  const fields = parse(raw);
  if (!fields) return { level: otherwise, text: raw };
  const level = LEVELS.find((each) => each === fields["level"]) ?? otherwise;
  const rest = Object.entries(fields)
    .filter(([name]) => !HIDDEN.has(name))
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const error = fields["err"] as { stack?: string; message?: string } | undefined;
  const head = [typeof fields["msg"] === "string" ? fields["msg"] : "", ...rest].filter(Boolean).join(" ");
  const detail = error && (LEVELS.indexOf(level) >= LEVELS.indexOf("error") ? error.stack : error.message);
  return { level, text: detail ? `${head}\n${detail}` : head };
};

const parse = (raw: string): Record<string, unknown> | null => {
  if (!raw.startsWith("{")) return null;
  try {
    return JSON.parse(raw) as Record<string, unknown>;
  } catch {
    return null;
  }
};
