import { expect, test } from "vitest";
import { keyResults } from "./key_results";

test("numbers stand with the errors that belong to them, before those without", () => {
  expect(keyResults({ chisq: 22.3, t0: 59000.123456, t0_err: 0.12, x1: -0.5, errors: { x1: 0.034 }, model: "salt3" })).toEqual([
    { name: "t0", text: "59000.12 ± 0.12" },
    { name: "x1", text: "−0.500 ± 0.034" },
    { name: "chisq", text: "22.3" },
  ]);
});

test("parameters are found one level down", () => {
  expect(keyResults({ parameters: { z: 0.0246 }, uncertainties: { z: 0.001 } })).toEqual([{ name: "z", text: "0.0246 ± 0.0010" }]);
});

test.each([null, 5, "text", [1, 2], { a: { b: { c: 1 } } }])("what holds no numbers gives none (%#)", (results) => {
  expect(keyResults(results)).toEqual([]);
});

test("there are never too many", () => {
  expect(keyResults(Object.fromEntries(Array.from({ length: 40 }, (_, number) => [`p${number}`, number])))).toHaveLength(5);
});
