/** Purchases are partitioned by calendar month in UTC; these name the months. */
export interface Month {
  /** The first instant of the month. */
  from: Date;
  /** The first instant after it. */
  to: Date;
  /** Its partition, e.g. `purchase_202611`. */
  partition: string;
}

const monthAt = (year: number, month: number): Month => {
  const from = new Date(Date.UTC(year, month, 1));
  return {
    from,
    to: new Date(Date.UTC(year, month + 1, 1)),
    partition: `purchase_${from.getUTCFullYear()}${String(from.getUTCMonth() + 1).padStart(2, "0")}`,
  };
};

/** The month that holds a moment. */
export const monthOf = (moment: Date): Month => monthAt(moment.getUTCFullYear(), moment.getUTCMonth());

/** The month of `now` and those after it. */
export const monthsAhead = (now: Date, ahead: number): Month[] =>
  Array.from({ length: ahead + 1 }, (_, index) => monthAt(now.getUTCFullYear(), now.getUTCMonth() + index));
