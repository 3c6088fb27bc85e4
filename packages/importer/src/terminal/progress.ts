import cliProgress from "cli-progress";

/** What an import shows while it works. One part at a time: beginning one ends the one before. */
export interface Progress {
  /** `total` 0: how much there is cannot be told. */
  part(name: string, total: number): void;
  at(done: number, note?: string): void;
  /** A line that stays. */
  say(text: string): void;
  end(): void;
}

const EVERY_MS = 2_000;

/** A bar where a terminal shows it, a line every two seconds elsewhere. Writes to standard error: the summary alone is for standard output. */
export const createProgress = (stream: NodeJS.WriteStream = process.stderr): Progress =>
  stream.isTTY ? new Bar(stream) : new Lines(stream);

class Bar implements Progress {
  #bar: cliProgress.SingleBar | undefined;
  #name = "";

  constructor(private readonly stream: NodeJS.WriteStream) {}

  part(name: string, total: number): void {
    this.end();
    this.#name = name;
    const format = total > 0 ? " {name} {bar} {percentage} % {note}" : " {name} {note}";
    this.#bar = new cliProgress.SingleBar(
      { format, stream: this.stream, hideCursor: true, clearOnComplete: false, fps: 10 },
      cliProgress.Presets.shades_classic,
    );
    this.#bar.start(total || 1, 0, { name: name.padEnd(22), note: "" });
  }

  at(done: number, note = ""): void {
    this.#bar?.update(done, { name: this.#name.padEnd(22), note });
  }

  say(text: string): void {
    this.end();
    this.stream.write(`${text}\n`);
  }

  end(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}

class Lines implements Progress {
  #name = "";
  #total = 0;
  #shown = 0;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  part(name: string, total: number): void {
    this.#name = name;
    this.#total = total;
    this.#shown = Date.now();
    this.stream.write(`${name} …\n`);
  }

  at(done: number, note = ""): void {
    if (Date.now() - this.#shown < EVERY_MS) return;
    this.#shown = Date.now();
    const share = this.#total > 0 ? `${Math.floor((100 * done) / this.#total)} % ` : "";
    this.stream.write(`${this.#name} … ${share}${note}\n`);
  }

  say(text: string): void {
    this.stream.write(`${text}\n`);
  }

  end(): void {}
}
