/** What is remembered of a customer's purchases, updated at each in constant time. */
export interface Habits { count: number; totalMinor: number; firstAt: number | null; lastAt: number | null; gaps: number[] }

/** A sale as habits see it; minor units. */
export interface Sale { at: Date; totalMinor: number; lines: { category: string; quantity: number; paidMinor: number }[] }

export const noHabits = (): Habits => ({ count: 0, totalMinor: 0, firstAt: null, lastAt: null, gaps: [] });

const DAY = 86_400_000;

export const afterSale = (habits: Habits, sale: Sale, _timeZone: string): Habits => {
  const at = sale.at.getTime();
  const gap = habits.lastAt === null ? [] : [(at - habits.lastAt) / DAY];
  return { count: habits.count + 1, totalMinor: habits.totalMinor + sale.totalMinor, firstAt: habits.firstAt ?? at, lastAt: Math.max(at, habits.lastAt ?? at), gaps: [...habits.gaps, ...gap].slice(-20) };
};

export interface Features { purchaseCount: number; recencyDays: number | null; frequencyPerWeek: number; averageOrderMinor: number; medianGapDays: number | null }

export const featuresAt = (habits: Habits, now: Date): Features => {
  const gaps = habits.gaps.toSorted((a, b) => a - b);
  return {
    purchaseCount: habits.count, recencyDays: habits.lastAt === null ? null : Math.max(0, (now.getTime() - habits.lastAt) / DAY),
    frequencyPerWeek: habits.firstAt === null ? 0 : habits.count / Math.max(1, (now.getTime() - habits.firstAt) / DAY / 7),
    averageOrderMinor: habits.count === 0 ? 0 : Math.round(habits.totalMinor / habits.count), medianGapDays: gaps.length === 0 ? null : gaps[gaps.length >> 1]!,
  };
};
