import { Because } from "@kava/contracts/because";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LANGUAGES, languageOf, renderBecause } from "./because.js";
import { REASONS } from "./reasons.js";

test.each([
  [undefined, "en"],
  ["", "en"],
  ["*", "en"],
  ["ru", "ru"],
  ["uk-UA", "uk"],
  ["UK-ua", "uk"],
  ["de-DE,de;q=0.9", "en"],
  ["de, uk;q=0.7, en;q=0.3", "uk"],
  ["en;q=0.2, ru;q=0.8", "ru"],
  ["ru;q=0, en", "en"],
  ["ru;q=0", "en"],
  ["en-GB,en;q=0.9,uk;q=0.8", "en"],
  ["ukr", "en"],
  [";;;,,,q=", "en"],
  ["uk;q=abc, ru;q=0.1", "uk"],
])("of Accept-Language %j the answer is in %s", (header, language) => expect(languageOf(header)).toBe(language));

test("whatever a client sends as its languages, the answer is in one that there is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (header) => {
      expect(LANGUAGES).toContain(languageOf(header));
    }),
  );
});

test.each(LANGUAGES)("every reason can be said in %s, with what belongs in it", (language) => {
  const params = { item: "Flat white", promotion: "Happy hour", taste: "Matcha" };
  for (const code of Because.shape.code.options) {
    const text = renderBecause({ code, params }, language);
    expect(text.length).toBeGreaterThan(3);
    expect(text).not.toContain("{{");
    expect(text).not.toBe(code);
    for (const [name, value] of Object.entries(params)) expect(text.includes(value)).toBe(REASONS[language][code].includes(`{{${name}}}`));
  }
});

test("the languages say the same reasons about the same things, in words of their own", () => {
  for (const code of Because.shape.code.options) {
    const blanks = LANGUAGES.map((language) => REASONS[language][code].match(/{{\w+}}/g) ?? []);
    expect(blanks[1]).toEqual(blanks[0]);
    expect(blanks[2]).toEqual(blanks[0]);
    expect(new Set(LANGUAGES.map((language) => REASONS[language][code])).size).toBe(LANGUAGES.length);
  }
});

test("a name is shown as it is, whatever is in it", () => {
  const names = fc.string({ minLength: 1 }).filter((name) => !/\{\{|\$t\(/.test(name));
  fc.assert(
    fc.property(names, (item) => {
      expect(renderBecause({ code: "goesWith", params: { item } }, "en")).toBe(`Goes well with ${item}`);
    }),
  );
});

test("a name cannot bring in another reason or another blank", () => {
  for (const item of ["$t(listPrice)", "{{taste}}", "$t(yourFavourite) & <b>"])
    expect(renderBecause({ code: "goesWith", params: { item, taste: "secret" } }, "en")).toBe(`Goes well with ${item}`);
});
