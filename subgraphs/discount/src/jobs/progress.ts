import type { LoadStatus } from "@kava/contracts/loading";

/** How far the work after a load is, as this instance knows it; for the importer's progress bar. */
export class Progress {
  readonly #steps = new Map<string, Required<Pick<LoadStatus, "step" | "done" | "total">>>();

  report(tenantId: string, step: string, done: number, total: number): void {
    this.#steps.set(tenantId, { step, done, total });
  }

  of(tenantId: string): Partial<LoadStatus> {
    return this.#steps.get(tenantId) ?? {};
  }
}
