import type { Habits } from "./habits.js";
import type { Profile, Registration } from "./registration.js";

/** A customer as the chain knows them. Money in minor units. */
export interface Customer {
  tenantId: string;
  id: string;
  externalId: string | null;
  displayName: string;
  email: string | null;
  joinedAt: Date;
  attributes: Record<string, unknown>;
  tastes: string[];
  homeVenueId: string | null;
  habits: Habits;
  purchaseCount: number;
  totalMinor: number;
  lastAt: Date | null;
  segmentId: string;
  segmentSince: Date;
  /** The segment is a guess from what was declared: there is no purchase to go by, or no training yet. */
  provisional: boolean;
  /** Fitted no segment well when everyone was placed last: corporate orders, staff cards. The segment is the nearest all the same. */
  outlier: boolean;
  version: number;
}

/** A group of customers who buy alike. It keeps its id through trainings. */
export interface Segment {
  id: string;
  name: string;
  description: string;
}

/** Newest joined last; `after` is the sort key of the last row seen. */
export interface CustomerSearch {
  /** Words that name, e-mail or external id hold; an exact external id ranks first. */
  text: string | null;
  segmentId: string | null;
  after: CustomerKey | null;
  limit: number;
}
export interface CustomerKey {
  rank: number;
  sortName: string;
  id: string;
}

/** The customers of a chain. */
export interface Customers {
  /** Those of these ids; unknown ones, and another tenant's, are missing. */
  byIds(tenantId: string, ids: readonly string[]): Promise<Customer[]>;
  /** In order of rank, name and id. */
  search(tenantId: string, search: CustomerSearch): Promise<(CustomerKey & { customer: Customer })[]>;
  /** Throws Refused (`emailTaken`, `invalidInput` for an unknown venue). */
  register(tenantId: string, registration: Registration, now: Date): Promise<Customer>;
  /** Throws Refused (`unknownCustomer`, `invalidInput`). */
  changeProfile(tenantId: string, customerId: string, change: Partial<Profile>, now: Date): Promise<Customer>;
}

/** The segments of a chain. */
export interface Segments {
  /** Those that stand, by size. */
  standing(tenantId: string): Promise<SizedSegment[]>;
  /** Those of these ids, also retired ones. */
  byIds(tenantId: string, ids: readonly string[]): Promise<SizedSegment[]>;
}
export interface SizedSegment extends Segment {
  /** Members; counted at most a minute ago. */
  size: number;
}
