import { expect, test } from "vitest";
import { DEFAULT_OPTIONS, plotKwargs } from "./cornerOptions";

test("nothing is asked for but what differs from the defaults", () => expect(plotKwargs(DEFAULT_OPTIONS)).toEqual({}));

test("numbers, lists and switches get corner's types", () => {
  const options = { ...DEFAULT_OPTIONS, bins: "30", smooth: "1.5", quantiles: "0.5", var_names: "t0, x1 ,", show_titles: false, color: " red " };
  expect(plotKwargs(options)).toEqual({ bins: 30, smooth: 1.5, quantiles: [0.5], var_names: ["t0", "x1"], show_titles: false, color: "red" });
});

test("no quantiles are an empty list", () => expect(plotKwargs({ ...DEFAULT_OPTIONS, quantiles: "" })).toEqual({ quantiles: [] }));
