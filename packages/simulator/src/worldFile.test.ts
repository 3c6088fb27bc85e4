import { describe, expect, test } from "vitest";
import { frozenWorld, parseWorld, WrongWorldFile } from "./worldFile.js";
import { growingLife, settledLife, worlds } from "./worlds.js";

const text = (changes: object = {}) => JSON.stringify({ name: "mine", ...worlds.mixed, ...changes });
const messageOf = (source: string) => {
  try {
    parseWorld(source, "mine.json");
    return "";
  } catch (error) {
    expect(error).toBeInstanceOf(WrongWorldFile);
    return String(error);
  }
};

describe("a world from a file", () => {
  test("is the world that was written, with or without a life of its own", () => {
    expect(parseWorld(text(), "mine.json")).toEqual({ name: "mine", world: worlds.mixed, life: settledLife });
    const life = growingLife(30);
    expect(parseWorld(text({ life }), "mine.json").life).toEqual(life);
  });

  test("the frozen ones go by name, and no inherited name is a world", () => {
    expect(frozenWorld("waiters")?.world).toBe(worlds.waiters);
    expect(frozenWorld("toString")).toBeUndefined();
    expect(frozenWorld("mine")).toBeUndefined();
  });

  test("each wrong field is named with what it should be", () => {
    const message = messageOf(text({ strategicShare: 80, offerLift: -1, lift: 0.3 }));
    expect(message).toContain("mine.json is not a world");
    expect(message).toContain("strategicShare: is a share, from 0 to 1");
    expect(message).toContain("offerLift: is the rise of the visit hazard");
    expect(message).toContain("lift");
    expect(message).toContain("A world looks like this");
  });

  test("a missing field, a text for a number and a list are refused, each by name", () => {
    expect(messageOf(text({ otherTolerance: undefined }))).toContain("otherTolerance:");
    expect(messageOf(text({ otherTolerance: "0.25" }))).toContain("otherTolerance:");
    expect(messageOf("[]")).toContain("the world:");
    expect(messageOf(text({ life: { lapsePerDay: 2 } }))).toContain("life.lapsePerDay: is a share");
  });

  test("what is not JSON says so, and a byte order mark does no harm", () => {
    expect(messageOf("{ name: mixed }")).toContain("mine.json is not JSON");
    expect(parseWorld(`\uFEFF${text()}`, "mine.json").name).toBe("mine");
  });
});
