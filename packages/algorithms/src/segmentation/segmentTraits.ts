/** What sets a group of customers apart from all of them, as phrases with their strength. */
import { DAY_PARTS, type CustomerProfile } from "./customerProfile.js";
import { latenessOf, mean } from "./portrait.js";

/** What a phrase is about; a name has one phrase of each theme at most. */
export type Theme = "activity" | "timing" | "size" | "category";

export interface Trait {
  readonly theme: Theme;
  readonly phrase: string;
  /** Standard deviations of the population between the group's mean and everybody's. */
  readonly strength: number;
}

/** Weaker differences are not worth a word. */
const LEAST_STRENGTH = 0.35;

/** A measurable habit, with a phrase for much of it and one for little. */
interface Habit {
  readonly theme: Theme;
  readonly value: (profile: CustomerProfile) => number;
  readonly much: string | null;
  readonly little: string | null;
}

const HABITS: readonly Habit[] = [
  { theme: "activity", value: (p) => Math.log1p(latenessOf(p)), much: "lapsing", little: null },
  { theme: "activity", value: (p) => Math.log1p(p.frequencyPerWeek), much: "regulars", little: "now and then" },
  { theme: "size", value: (p) => Math.log1p(p.basketSize), much: "big baskets", little: "one item" },
  { theme: "size", value: (p) => Math.log1p(Math.max(0, p.averageOrderMinor)), much: "high spend", little: "small spend" },
];

/** The traits of a group, strongest first, one line each of what is more or less than usual. */
export function traitsOf(members: readonly CustomerProfile[], everybody: readonly CustomerProfile[]): Trait[] {
  const plain = HABITS.flatMap(({ theme, value, much, little }) => {
    const z = difference(members, everybody, value);
    const phrase = z > 0 ? much : little;
    return phrase === null ? [] : [{ theme, phrase, strength: Math.abs(z) }];
  });
  const traits = [...plain, ...timingTraits(members, everybody), ...categoryTraits(members, everybody)];
  return traits
    .filter(({ strength }) => strength >= LEAST_STRENGTH)
    .sort((a, b) => b.strength - a.strength || (a.phrase < b.phrase ? -1 : 1));
}

/** "weekday mornings": the part of the day that stands out, with the kind of day if that stands out too. */
function timingTraits(members: readonly CustomerProfile[], everybody: readonly CustomerProfile[]): Trait[] {
  const weekend = difference(members, everybody, (p) => p.weekendShare);
  const days = Math.abs(weekend) < LEAST_STRENGTH ? "" : weekend > 0 ? "weekend" : "weekday";
  const parts = DAY_PARTS.map((part, i) => ({ part, z: difference(members, everybody, (p) => p.dayParts[i] ?? 0) }));
  const traits: Trait[] = parts
    .filter(({ z }) => z >= LEAST_STRENGTH)
    .map(({ part, z }) => ({ theme: "timing", phrase: days === "" ? part : `${days} ${part}`, strength: Math.max(z, Math.abs(weekend)) }));
  return traits.length > 0 || days === "" ? traits : [{ theme: "timing", phrase: `${days}s`, strength: Math.abs(weekend) }];
}

function categoryTraits(members: readonly CustomerProfile[], everybody: readonly CustomerProfile[]): Trait[] {
  const categories = new Set(members.flatMap((p) => Object.keys(p.categories)));
  return [...categories].flatMap((category) => {
    const z = difference(members, everybody, (p) => p.categories[category] ?? 0);
    return z > 0 ? [{ theme: "category" as const, phrase: `fond of ${category.toLowerCase()}`, strength: z }] : [];
  });
}

function difference(
  members: readonly CustomerProfile[],
  everybody: readonly CustomerProfile[],
  value: (profile: CustomerProfile) => number,
): number {
  const all = everybody.map(value);
  const centre = mean(all);
  const deviation = Math.sqrt(mean(all.map((x) => (x - centre) ** 2)));
  return deviation > 1e-9 ? (mean(members.map(value)) - centre) / deviation : 0;
}
