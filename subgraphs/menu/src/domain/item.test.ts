import fc from "fast-check";
import { expect, test } from "vitest";
import { changeItem, isAvailable } from "./item.js";

const minor = fc.nat(10_000);
const item = fc.record({ name: fc.string(), category: fc.string(), priceMinor: minor, costMinor: fc.option(minor) });

test("what is wanted comes, what is not stays, and a change is told from none", () => {
  fc.assert(
    fc.property(
      item,
      fc.record({ name: fc.string(), category: fc.string(), priceMinor: minor, costMinor: minor }, { requiredKeys: [] }),
      (present, wanted) => {
        const { next, changed, repriced } = changeItem(present, wanted);
        expect(next).toEqual({ ...present, ...wanted });
        expect(changed).toBe(JSON.stringify(next) !== JSON.stringify({ ...present, ...present }));
        expect(repriced).toBe(next.priceMinor !== present.priceMinor || next.costMinor !== present.costMinor);
        expect(changeItem(next, wanted)).toEqual({ next, changed: false, repriced: false });
      },
    ),
  );
});

test("an item is to be had somewhere exactly when some venue has it, and a retired one nowhere", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.uuid(), { maxLength: 5 }), fc.func(fc.boolean()), fc.boolean(), (venues, missing, retired) => {
      const presence = { retired, unavailableVenueIds: venues.filter((venue) => missing(venue)), venueCount: venues.length };
      const anywhere = venues.length === 0 ? !retired : venues.some((venue) => isAvailable(presence, venue));
      expect(isAvailable(presence, null)).toBe(anywhere);
    }),
  );
});
