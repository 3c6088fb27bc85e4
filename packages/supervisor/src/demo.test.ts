import { expect, test } from "vitest";
import { holdsNothing } from "./demo.js";

const one = { edges: [{ node: { id: "1" } }] };
const none = { edges: [] };
/** A graph that holds these. */
const holding = (held: { customers?: object; menu?: object }) => async (): Promise<unknown> => ({ customers: none, menu: none, ...held });

test("the demo goes to a tenant only when it has neither customers nor a menu", async () => {
  expect(await holdsNothing(holding({}))).toBe(true);
  expect(await holdsNothing(holding({ customers: one }))).toBe(false);
  expect(await holdsNothing(holding({ menu: one })), "a menu alone, or receipts that name nobody").toBe(false);
});

test("a graph that cannot say what a tenant holds is no empty tenant", async () => {
  await expect(holdsNothing(holding({ menu: { edges: null } }))).rejects.toThrow();
});
