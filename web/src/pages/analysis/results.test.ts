import { expect, test } from "vitest";
import { rowsOf, shortened } from "./results";

test("errors of a table of their own stand beside the values", () => {
  expect(rowsOf({ parameters: { t0: 55000.1, x1: -0.5 }, errors: { t0: 0.02, x1: 0.1 }, chisq: 12 })).toEqual([
    { name: "parameters.t0", value: "55000.1", error: "0.02" },
    { name: "parameters.x1", value: "-0.5", error: "0.1" },
    { name: "chisq", value: "12", error: null },
  ]);
});

test("errors with a telling name stand beside the values, too", () => {
  expect(rowsOf({ mass: 3, mass_err: 0.2, period: 1.5, e_period: 0.01 })).toEqual([
    { name: "mass", value: "3", error: "0.2" },
    { name: "period", value: "1.5", error: "0.01" },
  ]);
});

test("an error without a value is shown as it came", () => {
  expect(rowsOf({ errors: { unknown: 1 }, a: 2 })).toEqual([
    { name: "errors.unknown", value: "1", error: null },
    { name: "a", value: "2", error: null },
  ]);
});

test("what is nested is named by its way, long lists are shortened, and markup is text", () => {
  const rows = rowsOf({ fits: [{ model: "<b>salt</b>" }, { model: null }], grid: Array.from({ length: 100 }, (_, n) => n), ok: false });
  expect(rows).toEqual([
    { name: "fits[0].model", value: "<b>salt</b>", error: null },
    { name: "fits[1].model", value: "null", error: null },
    { name: "grid", value: "0, 1, 2, 3, 4, 5, 6, 7, … (100 values)", error: null },
    { name: "ok", value: "false", error: null },
  ]);
});

test("results that are one value are one row", () => {
  expect(rowsOf("done")).toEqual([{ name: "value", value: "done", error: null }]);
});

test("only numbers are shortened, and whole ones keep their digits", () => {
  expect(shortened("58606.50593576221", 12)).toBe("58606.5059358");
  expect(shortened("0.62856315298347", 2)).toBe("0.63");
  expect(shortened("2.0", 12)).toBe("2.0");
  expect(shortened("salt3-nir version 2", 2)).toBe("salt3-nir version 2");
  expect(shortened("892231819869515", 12)).toBe("892231819869515");
});
