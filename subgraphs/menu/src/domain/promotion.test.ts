import fc from "fast-check";
import { expect, test } from "vitest";
import { endNow, nextChangeOf, phaseOf, promotionProblem, type PromotionRule } from "./promotion.js";

const now = new Date("2026-11-22T12:00:00Z");
const moment = fc.date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });
const schedule = fc
  .tuple(moment, fc.option(fc.integer({ min: 1, max: 10 ** 10 })))
  .map(([startsAt, length]) => ({ startsAt, endsAt: length === null ? null : new Date(startsAt.getTime() + length) }));

test("a promotion is live from its start up to its end, not at it", () => {
  fc.assert(
    fc.property(schedule, moment, ({ startsAt, endsAt }, at) => {
      const live = at >= startsAt && (endsAt === null || at < endsAt);
      expect(phaseOf({ startsAt, endsAt }, at) === "live").toBe(live);
    }),
  );
});

test("the phase changes at the next change, and not a millisecond before", () => {
  fc.assert(
    fc.property(schedule, moment, (planned, at) => {
      const next = nextChangeOf(planned, at);
      if (next === null) return;
      expect(phaseOf(planned, new Date(next.getTime() - 1))).toBe(phaseOf(planned, at));
      expect(phaseOf(planned, next)).not.toBe(phaseOf(planned, at));
    }),
  );
});

test("one that is ended, at whatever moment, is ended from then on", () => {
  fc.assert(
    fc.property(schedule, moment, fc.nat(), ({ startsAt }, at, later) => {
      expect(phaseOf({ startsAt, endsAt: endNow({ startsAt, endsAt: null }, at) }, new Date(at.getTime() + later))).toBe("ended");
    }),
  );
});

const rule = (given: PromotionRule) => promotionProblem({ startsAt: now, endsAt: null }, { percent: 10 }, given, now)?.field ?? null;

test.each<[PromotionRule, string | null]>([
  [{}, null],
  [{ weekdays: [1, 7], fromHour: 14, toHour: 16 }, null],
  [{ fromHour: 23 }, null],
  [{ toHour: 1 }, null],
  [{ weekdays: [0] }, "rule.weekdays"],
  [{ weekdays: [] }, "rule.weekdays"],
  [{ fromHour: 24 }, "rule.fromHour"],
  [{ toHour: 25 }, "rule.toHour"],
  [{ fromHour: 16, toHour: 16 }, "rule.toHour"],
  [{ fromHour: 22, toHour: 2 }, "rule.toHour"],
  [{ categories: [] }, "rule.categories"],
])("of the rule %j the problem is %s", (given, problem) => expect(rule(given)).toBe(problem));

test("a promotion neither ends before it begins, nor in the past, nor gives nothing or more than the price", () => {
  const field = (endsAt: string | null, percent: number) =>
    promotionProblem(
      { startsAt: new Date("2026-11-01T00:00:00Z"), endsAt: endsAt === null ? null : new Date(endsAt) },
      { percent },
      {},
      now,
    )?.field ?? null;
  expect([field("2026-10-01T00:00:00Z", 10), field("2026-11-20T00:00:00Z", 10), field("2026-12-01T00:00:00Z", 10)]).toEqual([
    "endsAt",
    "endsAt",
    null,
  ]);
  expect([0, -1, 100.1, Number.NaN, 100, 0.5].map((percent) => field(null, percent))).toEqual([
    "percent",
    "percent",
    "percent",
    "percent",
    null,
    null,
  ]);
  expect(promotionProblem({ startsAt: now, endsAt: null }, { amountMinor: 0 }, {}, now)?.field).toBe("amount");
});
