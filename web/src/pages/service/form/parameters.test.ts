import { expect, test } from "vitest";
import { declarationOf, NEW_PARAMETER, parametersIn, previewOf } from "./parameters";

const DECLARED = {
  source: ["salt2", "salt3"],
  fix_z: { type: "boolean", default: false },
  seed: { type: "number", default: 0, min: 0, step: 1 },
  image: { type: "file", required: true, label: "Image" },
  note: { type: "string" },
};

test("what a service declares comes back as it was", () => {
  expect(declarationOf(parametersIn(DECLARED))).toEqual(DECLARED);
  expect(declarationOf(parametersIn(JSON.stringify(DECLARED)))).toEqual(DECLARED);
});

test("a list of True and False is a switch", () => {
  expect(parametersIn({ use: ["True", "False"] })[0]?.kind).toBe("boolean");
});

test("choices are numbers only if all of them are", () => {
  const choice = { ...NEW_PARAMETER, name: "n", kind: "choice" as const };
  expect(declarationOf([{ ...choice, choices: "1, 2.5" }])).toEqual({ n: [1, 2.5] });
  expect(declarationOf([{ ...choice, choices: "v1, 2" }])).toEqual({ n: ["v1", "2"] });
});

test("defaults of 0 and false are kept, and rows without a name are left out", () => {
  expect(declarationOf([{ ...NEW_PARAMETER, name: "a", default: "0" }, NEW_PARAMETER])).toEqual({ a: { type: "number", default: 0 } });
  const preview = previewOf([{ ...NEW_PARAMETER, name: "b", kind: "boolean", default: "false" }]);
  expect(preview).toEqual([{ name: "b", kind: "boolean", label: "b", required: false, default: false }]);
});
