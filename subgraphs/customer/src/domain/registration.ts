import { isUuid } from "@kava/contracts/ids";
import { unknownVenue } from "./purchase.js";
import { invalid } from "./refusal.js";
import { isStorableJson, isStorableText } from "./storable.js";

/** What a customer says of themselves; may be absent in a change. */
export interface ProfileInput {
  displayName?: string | null;
  tastes?: string[] | null;
  venueId?: string | null;
  attributes?: unknown;
}
export interface RegistrationInput extends ProfileInput {
  email: string;
  password: string;
  displayName: string;
}

export interface Profile {
  displayName: string;
  tastes: string[];
  homeVenueId: string | null;
  attributes: Record<string, unknown>;
}
export interface Registration extends Profile {
  /** Lower-case. */
  email: string;
  password: string;
}

const EMAIL = /^[^\s@<>()[\]\\,;:"]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u;
const SHORTEST_PASSWORD = 8;
const LONGEST_PASSWORD = 200;
const LONGEST_NAME = 200;
const MOST_TASTES = 30;
const LONGEST_TASTE = 100;
const LARGEST_ATTRIBUTES = 16_384;

/** Whether a lower-case text looks like an e-mail address. Whether it is one, only a letter to it can tell. */
export const isEmail = (text: string): boolean => text.length <= 254 && EMAIL.test(text) && isStorableText(text);

/** Reads a registration. Throws Refused with what is wrong and where. */
export const readRegistration = (input: RegistrationInput): Registration => {
  const email = input.email.trim().toLowerCase();
  if (!isEmail(email)) throw invalid(`"${input.email.slice(0, 80)}" is no e-mail address such as ann@example.com`, "email");
  const { length } = input.password;
  if (length < SHORTEST_PASSWORD) throw invalid(`A password has at least ${SHORTEST_PASSWORD} characters`, "password");
  if (length > LONGEST_PASSWORD) throw invalid(`A password has at most ${LONGEST_PASSWORD} characters`, "password");
  const local = email.slice(0, email.indexOf("@"));
  if ([email, local].includes(input.password.toLowerCase()))
    throw invalid("The password is your own address: choose one that nobody can read there", "password");
  return {
    email,
    password: input.password,
    displayName: readName(input.displayName),
    tastes: readTastes(input.tastes ?? []),
    homeVenueId: readHome(input.venueId ?? null),
    attributes: readAttributes(input.attributes ?? {}),
  };
};

/** Reads a change: only what is given is in the result. Attributes are those to merge; one that is null is to be removed. Throws Refused. */
export const readProfileChange = (input: ProfileInput): Partial<Profile> => ({
  ...(input.displayName === undefined || input.displayName === null ? {} : { displayName: readName(input.displayName) }),
  ...(input.tastes === undefined || input.tastes === null ? {} : { tastes: readTastes(input.tastes) }),
  ...(input.venueId === undefined ? {} : { homeVenueId: readHome(input.venueId) }),
  ...(input.attributes === undefined || input.attributes === null ? {} : { attributes: readAttributes(input.attributes) }),
});

/** Attributes after a change: those of `change` over those of `before`; null removes. Throws Refused when the whole becomes too large. */
export const mergeAttributes = (before: Record<string, unknown>, change: Record<string, unknown>): Record<string, unknown> =>
  readAttributes(Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== null)));

const readName = (text: string): string => {
  const name = text.trim();
  if (name === "" || name.length > LONGEST_NAME || !isStorableText(name))
    throw invalid(`A display name has 1 to ${LONGEST_NAME} characters`, "displayName");
  return name;
};

const readTastes = (tastes: readonly string[]): string[] => {
  const read = [...new Set(tastes.map((taste) => taste.trim()).filter(Boolean))];
  if (read.length > MOST_TASTES || read.some((taste) => taste.length > LONGEST_TASTE || !isStorableText(taste)))
    throw invalid(`Tastes are at most ${MOST_TASTES} words of at most ${LONGEST_TASTE} characters, such as menu categories`, "tastes");
  return read;
};

const readHome = (venueId: string | null): string | null => {
  if (venueId !== null && !isUuid(venueId)) throw unknownVenue(venueId);
  return venueId?.toLowerCase() ?? null;
};

const readAttributes = (value: unknown): Record<string, unknown> => {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid('attributes is a JSON object, such as { birthday: "1990-05-17" }', "attributes");
  if (!isStorableJson(value) || Buffer.byteLength(JSON.stringify(value)) > LARGEST_ATTRIBUTES)
    throw invalid(
      `attributes is a JSON object of at most ${LARGEST_ATTRIBUTES} bytes, 20 levels deep, without NUL characters`,
      "attributes",
    );
  return { ...value };
};
