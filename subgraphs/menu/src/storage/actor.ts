/** Who changes the menu, for which tenant, and when. */
export interface Actor {
  tenantId: string;
  /** What the history shows: a role, or the import. */
  by: string;
  now: Date;
}

/** What a change came to when it was not made: nothing has that id, or somebody else was faster. */
export type NotMade = { kind: "unknown" } | { kind: "stale"; currentVersion: number };

/** Called after a commit that changed the menu of a tenant: readers see it at once, its events leave. */
export type Changed = (tenantId: string) => Promise<void>;

/** Whether somebody who saw `expectedVersion` (null: does not care) may change what is at `version` now. */
export const isStale = (version: number, expectedVersion: number | null): boolean =>
  expectedVersion !== null && expectedVersion !== version;
