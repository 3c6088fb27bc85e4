/** A clock that runs at its own pace. */
export interface PaceClock {
  /** Real instant at which it was started. */
  readonly startedAt: Date;
  /** What it showed then. */
  readonly from: Date;
  /** Simulated seconds per real second, > 0: 1 is real time, 3600 an hour a second. */
  readonly pace: number;
}

/** What a paced clock shows at a real instant. */
export function simulatedInstant({ startedAt, from, pace }: PaceClock, now: Date): Date {
  return new Date(from.getTime() + (now.getTime() - startedAt.getTime()) * pace);
}
