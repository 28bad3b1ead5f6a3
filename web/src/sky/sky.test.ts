import { describe, expect, test } from "vitest";
import { degreesOf, hoursOf, positionOf } from "./coordinates";
import { byWavelength, colourOf, wavelengthOf } from "./filters";
import { fixed, significant, withError } from "./numbers";
import { dateOfMjd, mjdOfDate } from "./time";

describe("times", () => {
  test("an MJD is a date in UTC, and back", () => {
    expect(dateOfMjd(59267.3795602)).toBe("2021-02-22 09:06:34");
    expect(mjdOfDate("2021-02-22 09:06:34")).toBeCloseTo(59267.37956, 5);
    expect(mjdOfDate("2021-02-22")).toBe(59267);
    expect(mjdOfDate(dateOfMjd(60000.5))).toBe(60000.5);
  });

  test("a time that is none is empty", () => {
    expect(dateOfMjd(Number.NaN)).toBe("");
    expect(mjdOfDate("soon")).toBeNaN();
  });
});

describe("numbers", () => {
  test.each([
    [17.0312, 0.123, "17.03 ± 0.12"],
    [-0.00481, 0.00052, "−0.00481 ± 0.00052"],
    [1234567, 890, "1234567 ± 890"],
    [0.0246, null, "0.0246"],
    [null, 1, "–"],
    [12, 0, "12"],
  ])("%s with its error %s is written %s", (value, error, expected) => {
    expect(withError(value, error)).toBe(expected);
  });

  test.each([
    [0, "0"],
    [3.14159, "3.142"],
    [-2.5e-7, "−2.5 × 10⁻⁷"],
    [6.022e23, "6.022 × 10²³"],
    [100000, "100000"],
  ])("%s has no more digits than asked for", (value, expected) => {
    expect(significant(value)).toBe(expected);
  });

  test("what is missing is a dash", () => {
    expect(fixed(null, 2)).toBe("–");
    expect(fixed(Number.NaN, 2)).toBe("–");
    expect(fixed(-1.256, 2)).toBe("−1.26");
  });
});

describe("positions", () => {
  test("are written with sixtieths", () => {
    expect(hoursOf(202.5050541)).toBe("13:30:01.21");
    expect(degreesOf(13.4111859)).toBe("+13:24:40.3");
    expect(degreesOf(-0.5)).toBe("−00:30:00.0");
    expect(hoursOf(359.9999999)).toBe("00:00:00.00");
  });

  test.each([
    ["202.5 13.4", 202.5, 13.4],
    ["202.5, -13.4", 202.5, -13.4],
    ["13:30:01.21 +13:24:40.3", 202.50504, 13.41119],
    ["13:30:01.21 13:24:40.3", 202.50504, 13.41119],
    ["13h30m01.21s -13d24m40.3s", 202.50504, -13.41119],
    ["00:00:10 −00:30:00", 0.0416667, -0.5],
  ])("are read as people type them: %s", (text, ra, dec) => {
    const position = positionOf(text);
    expect(position?.ra).toBeCloseTo(ra, 4);
    expect(position?.dec).toBeCloseTo(dec, 4);
  });

  test.each(["ZTF21aaqjmps", "19dwz", "400 10", "10 95", "13:61:00 +10:00:00", "", "12"])("%s is none", (text) => {
    expect(positionOf(text)).toBeNull();
  });
});

describe("filters", () => {
  test("stand in the order of their wavelengths, the unknown last", () => {
    expect(byWavelength(["ztfi", "open#", "ztfr", "uvot::uvw2", "2massks", "ztfg"])).toEqual([
      "uvot::uvw2",
      "ztfg",
      "ztfr",
      "ztfi",
      "2massks",
      "open#",
    ]);
  });

  test.each([
    ["f606w", 606],
    ["f160w", 1600],
    ["f1500w", 15000],
    ["f062", 620],
    ["f850lp", 850],
    ["nicf110w", 1100],
    ["sdssz", 896],
    ["atlaso", 684],
    ["my::g", 480],
  ])("%s is at %d nm", (filter, wavelength) => {
    expect(wavelengthOf(filter)).toBe(wavelength);
  });

  test("have different colours in the two themes", () => {
    for (const filter of ["ztfg", "ztfr", "f1500w", "open#"]) expect(colourOf(filter, true)).not.toBe(colourOf(filter, false));
  });
});
