const QUARTER_MS = 15 * 60_000;

/** The clock of a place, by its name in the time zone database. Offsets are kept by quarter of an hour: asking Intl for each record would be slow. */
export class Zone {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  /** Throws when there is no such zone. */
  constructor(readonly name: string) {
    try {
      this.#format = new Intl.DateTimeFormat("en-US", {
        timeZone: name,
        hourCycle: "h23",
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
        second: "numeric",
      });
    } catch (cause) {
      throw new Error(`There is no time zone "${name}": use a name such as Europe/Kyiv or America/New_York`, { cause });
    }
  }

  /** What the wall clock shows at an instant, in milliseconds since 1970 read as UTC. */
  wallAt(instantMs: number): number {
    return instantMs + this.#offset(instantMs);
  }

  /** The instant at which the wall clock shows this. In the hour that a change skips, the instant after it; in the one that it repeats, the first. */
  instantOf(wallMs: number): number {
    const guess = wallMs - this.#offset(wallMs);
    return wallMs - this.#offset(guess);
  }

  #offset(instantMs: number): number {
    const quarter = Math.floor(instantMs / QUARTER_MS);
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    const at = new Date(quarter * QUARTER_MS);
    const part = Object.fromEntries(this.#format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const offset =
      Date.UTC(part["year"]!, part["month"]! - 1, part["day"]!, part["hour"]!, part["minute"]!, part["second"]!) - at.getTime();
    this.#offsets.set(quarter, offset);
    return offset;
  }
}
