/** What a person reads in the terminal: a line has the hour, who speaks, and what. */
export interface Voice {
  debug(who: string, text: string): void;
  info(who: string, text: string): void;
  warn(who: string, text: string): void;
  error(who: string, text: string): void;
  /** Text as it is. */
  plain(text: string): void;
  /** Runs work and says how it went; a progress line when it takes more than a second, and each five seconds after that. */
  step<T>(who: string, what: string, work: (progress: (text: string) => void) => Promise<T>): Promise<T>;
}

export const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type Level = (typeof LEVELS)[number];

const COLOURS: Partial<Record<Level, string>> = { debug: "2", trace: "2", warn: "33", error: "31", fatal: "31" };
const WIDTH = 10;

/** Writes lines of at least this level. Colour only where a terminal shows it. */
export const createVoice = (write: (text: string) => void, level: Level, colour: boolean): Voice => {
  const say = (at: Level, who: string, text: string): void => {
    if (LEVELS.indexOf(at) >= LEVELS.indexOf(level)) write(`${line(at, who, text, colour)}\n`);
  };
  const voice: Voice = {
    debug: (who, text) => say("debug", who, text),
    info: (who, text) => say("info", who, text),
    warn: (who, text) => say("warn", who, text),
    error: (who, text) => say("error", who, text),
    plain: (text) => write(`${text}\n`),
    step: (who, what, work) => withProgress(voice, who, what, work),
  };
  return voice;
};

/** "12:03:04.512 customer   warn  text": every line of the text carries the prefix, so that a stack trace stays attributable. */
export const line = (level: Level, who: string, text: string, colour: boolean, at: Date = new Date()): string => {
  const code = COLOURS[level];
  const prefix = `${at.toTimeString().slice(0, 8)}.${String(at.getMilliseconds()).padStart(3, "0")} ${who.padEnd(WIDTH)} ${level.padEnd(5)} `;
  return text
    .split("\n")
    .map((row) => (colour && code ? `\u001B[${code}m${prefix}${row}\u001B[0m` : prefix + row))
    .join("\n");
};

const withProgress = async <T>(
  voice: Voice,
  who: string,
  what: string,
  work: (progress: (text: string) => void) => Promise<T>,
): Promise<T> => {
  const began = Date.now();
  const seconds = (): string => `${((Date.now() - began) / 1000).toFixed(1)} s`;
  let latest = "";
  let timer = setTimeout(tick, 1_000);
  function tick(): void {
    voice.info(who, `${what} … ${latest ? `${latest}, ` : ""}${seconds()}`);
    timer = setTimeout(tick, latest ? 2_000 : 5_000);
  }
  try {
    const result = await work((text) => (latest = text));
    voice.info(who, `${what}: done in ${seconds()}`);
    return result;
  } finally {
    clearTimeout(timer);
  }
};
