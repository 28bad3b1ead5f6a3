import { expect, test } from "vitest";
import { difference } from "./difference";

const old = "A Type Ia supernova at z = 0.0246, rising.";
const now = "A normal Type Ia supernova at z = 0.025, rising.";

test("what was put in and what was taken out are told apart word by word", () => {
  expect(difference(old, now)).toEqual([
    { kind: "same", text: "A " },
    { kind: "added", text: "normal " },
    { kind: "same", text: "Type Ia supernova at z = " },
    { kind: "removed", text: "0.0246, " },
    { kind: "added", text: "0.025, " },
    { kind: "same", text: "rising." },
  ]);
});

test.each([
  [old, now],
  ["", "new"],
  ["gone", ""],
  ["", ""],
  ["a b c", "c b a"],
  ["one\n\ntwo  three", "one two\nthree"],
  ["x ".repeat(3000), "y ".repeat(3000)],
])("both texts can be put together from the parts (%#)", (before, after) => {
  const parts = difference(before, after);
  expect(
    parts
      .filter(({ kind }) => kind !== "added")
      .map(({ text }) => text)
      .join(""),
  ).toBe(before);
  expect(
    parts
      .filter(({ kind }) => kind !== "removed")
      .map(({ text }) => text)
      .join(""),
  ).toBe(after);
});
