/** Days over which the outcome of an offer is counted, at least; twice the customer's own gap where that is more. */
export const LEAST_WINDOW_DAYS = 28;

/**
 * The window of a customer's outcome, days: long enough that a visit brought forward, or one item bought for another, is inside it.
 */
export const windowDays = (medianGapDays: number | null): number => Math.max(LEAST_WINDOW_DAYS, 2 * (medianGapDays ?? 0));
