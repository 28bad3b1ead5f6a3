import { expect, test } from "vitest";
import { faultOf, type Field, initialEntries, parametersOf } from "./fields";

const field = (name: string, kind: Field["kind"], more: Partial<Field> = {}): Field => ({
  name,
  kind,
  label: name,
  required: false,
  ...more,
});

const SOURCE = field("source", "choice", { choices: ["salt3", "salt2"], default: "salt3" });
const SEED = field("seed", "number", { default: 0, min: 0, max: 10 });
const FIX = field("fix_z", "boolean", { default: false });

test("defaults stand in the form, 0 and false as well, and are sent as what they are", async () => {
  const fields = [SOURCE, SEED, FIX];
  expect(await parametersOf(fields, initialEntries(fields))).toEqual({ source: "salt3", seed: 0, fix_z: false });
});

test("what was left empty is not sent", async () => {
  const fields = [field("note", "text"), field("n", "number"), field("pick", "choice", { choices: [1, 2] })];
  expect(await parametersOf(fields, initialEntries(fields))).toEqual({});
});

test("choices keep their type", async () => {
  const fields = [field("degree", "choice", { choices: [1, 2.5, "auto"], default: 2.5 })];
  expect(await parametersOf(fields, initialEntries(fields))).toEqual({ degree: 2.5 });
});

test("a switch of two words is sent as a word", async () => {
  const fields = [field("fix", "boolean", { choices: ["True", "False"], default: "True" })];
  expect(await parametersOf(fields, { fix: false })).toEqual({ fix: "False" });
  expect(initialEntries(fields)).toEqual({ fix: true });
});

test("what was used last comes back where it still fits", () => {
  expect(initialEntries([SOURCE, SEED, FIX], { source: "salt2", seed: 7, fix_z: true })).toEqual({
    source: "salt2",
    seed: "7",
    fix_z: true,
  });
  expect(initialEntries([SOURCE], { source: "nugent" })).toEqual({ source: "" });
});

test("a file is sent whole with its name", async () => {
  const fields = [field("cube", "file")];
  const file = new File([new Uint8Array([0, 255, 7])], "my cube.fits", { type: "image/fits" });
  expect(await parametersOf(fields, { cube: file })).toEqual({ cube: "data:image/fits;name=my%20cube.fits;base64,AP8H" });
});

test.each([
  [{ ...SEED, required: true }, "", "seed is required."],
  [SEED, "11", "seed must be at most 10."],
  [SEED, "-1", "seed must be at least 0."],
  [SEED, "1e", "seed must be a number."],
  [SEED, "0", null],
  [SEED, "", null],
  [field("cube", "file", { required: true }), null, "cube is required."],
])("what is wrong with an entry is a sentence (%#)", (one, entry, expected) => {
  expect(faultOf(one, entry)).toBe(expected);
});
