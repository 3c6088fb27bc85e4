import { DAY_PARTS } from "./customerProfile.js";
import type { SegmentPortrait } from "./portrait.js";
import type { Trait } from "./segmentTraits.js";

/** A segment that wants a name. */
export interface Nameless {
  /** Strongest first. */
  readonly traits: readonly Trait[];
  readonly portrait: SegmentPortrait;
}

export interface NameOptions {
  /** Names that are taken by segments that keep theirs. */
  readonly taken?: Iterable<string>;
}

/** Phrases in a name, where there is no clash. */
const PHRASES = 2;

/**
 * Readable, unique names from what sets each segment apart: "Weekday mornings, one item", "Lapsing, now and then". The strongest trait comes
 * first; on a clash the next trait is added, then the usual number of visits, then a counter.
 */
export function nameSegments(segments: readonly Nameless[], { taken = [] }: NameOptions = {}): string[] {
  const used = new Set(taken);
  return segments.map((segment) => {
    const name = candidates(segment).find((candidate) => !used.has(candidate)) ?? counted(baseName(segment), used);
    used.add(name);
    return name;
  });
}

function candidates(segment: Nameless): string[] {
  const phrases = distinctThemes(segment.traits);
  const names: string[] = [];
  for (let count = Math.min(PHRASES, phrases.length); count <= phrases.length; count++) names.push(joined(phrases.slice(0, count)));
  return [...names, `${baseName(segment)}, ${visits(segment.portrait.frequencyPerWeek)}`];
}

function baseName({ traits }: Nameless): string {
  return joined(distinctThemes(traits).slice(0, PHRASES));
}

function distinctThemes(traits: readonly Trait[]): string[] {
  return traits.filter((trait, i) => traits.findIndex((other) => other.theme === trait.theme) === i).map((trait) => trait.phrase);
}

function joined(phrases: readonly string[]): string {
  const text = phrases.length === 0 ? "all-rounders" : phrases.join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function counted(name: string, used: ReadonlySet<string>): string {
  let number = 2;
  while (used.has(`${name} (${number})`)) number++;
  return `${name} (${number})`;
}

/** For each of `DAY_PARTS`. */
const TIMES = ["in the morning", "at lunchtime", "in the afternoon", "in the evening"];

/** How money is written in a description. */
export interface MoneyFormat {
  readonly currency: string;
  readonly minorDigits: number;
}

/** One sentence: "Come 2.3 times a week, mostly on weekday mornings, and take 1.2 items for 4.10 EUR; last seen 2 days ago." */
export function describeSegment(portrait: SegmentPortrait, money: MoneyFormat): string {
  const amount = (portrait.averageOrderMinor / 10 ** money.minorDigits).toFixed(money.minorDigits);
  const favourite = Object.entries(portrait.categories)[0];
  const taste = favourite === undefined ? "" : `, most of it ${favourite[0].toLowerCase()}`;
  return `Come ${visits(portrait.frequencyPerWeek)}, ${when(portrait)}, and take ${plural(portrait.basketSize, "item")} for ${amount} ${money.currency}${taste}; last seen ${plural(portrait.recencyDays, "day")} ago.`;
}

function visits(perWeek: number): string {
  if (perWeek >= 1.05) return `${plural(perWeek, "time")} a week`;
  const weeks = 1 / Math.max(perWeek, 1 / 104);
  const rounded = Math.round(weeks * 2) / 2;
  return rounded === 1 ? "once a week" : `every ${plural(rounded, "week")}`;
}

function when({ dayParts, weekendShare }: SegmentPortrait): string {
  const at = dayParts.indexOf(Math.max(...dayParts));
  const day = weekendShare >= 0.5 ? "weekend" : weekendShare <= 0.15 ? "weekday" : null;
  const time = day === null ? TIMES[at] : `on ${day} ${DAY_PARTS[at]}`;
  return `${(dayParts[at] ?? 0) >= 0.5 ? "mostly" : "often"} ${time}`;
}

function plural(count: number, word: string): string {
  const rounded = count >= 10 ? Math.round(count) : Math.round(count * 10) / 10;
  return `${rounded} ${word}${rounded === 1 ? "" : "s"}`;
}
