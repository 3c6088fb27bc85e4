import { expect, test } from "vitest";
import { readModelArguments } from "./modelCommand.js";

const read = (args: readonly string[]) => readModelArguments(args, ["lifetime", "segments"]);

test("what is to be done, with which model, of which chain, is read; what cannot be meant is refused with what can", () => {
  expect(read([])).toEqual({ help: false, action: "list", kind: null, tenant: null });
  expect(read(["rollback", "--model", "segments", "--tenant", "kava"])).toEqual({
    help: false,
    action: "rollback",
    kind: "segments",
    tenant: "kava",
  });
  expect(() => read(["undo"])).toThrow('Say one of list, train, rollback, not "undo"');
  expect(() => read(["rollback"])).toThrow("--model lifetime or --model segments");
  expect(() => read(["--model", "taste"])).toThrow('one of lifetime, segments, not "taste"');
});
