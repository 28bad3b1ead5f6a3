import { expect, test } from "vitest";
import { classesOf } from "./taxonomy";
import { valuesOf } from "./values";

test("values are read line by line, as what they are", () => {
  expect(valuesOf("period = 0.7123\n\nhost: NGC 1 = M 2\n variable=true\nnote =")).toEqual({
    period: 0.7123,
    host: "NGC 1 = M 2",
    variable: true,
    note: "",
  });
});

test("a line without a value is refused by name", () => {
  expect(() => valuesOf("period 0.7")).toThrow("period 0.7");
});

test("the classes of a taxonomy stand in the order of its tree, whatever else it holds", () => {
  const hierarchy = {
    class: "A",
    subclasses: [{ class: "B", subclasses: [{ class: "C" }, 5] }, { name: "no class" }, { class: "D", other: 1 }],
  };
  expect(classesOf({ id: 3, name: "T", hierarchy }).map(({ name, depth }) => [name, depth])).toEqual([
    ["A", 0],
    ["B", 1],
    ["C", 2],
    ["D", 1],
  ]);
  expect(classesOf({ id: 3, name: "T", hierarchy: null })).toEqual([]);
});
