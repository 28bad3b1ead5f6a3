import { describe, expect, test } from "vitest";
import { mappingOf, understood } from "./photometry";
import { isSpectrum, spectrumOf } from "./spectrum";
import { tableOf } from "./table";

const FALLBACK = { filter: "", instrument_id: 3 };

describe("a table", () => {
  test.each([
    ["mjd,mag\n1,2\n", ["mjd", "mag"], ["1", "2"]],
    ["mjd;mag\r\n1;2", ["mjd", "mag"], ["1", "2"]],
    ["mjd\tmag\n1\t", ["mjd", "mag"], ["1", ""]],
    ["  mjd   mag \n 1   2 ", ["mjd", "mag"], ["1", "2"]],
    ['\uFEFFmjd,"a, ""b"""\n,x', ["mjd", 'a, "b"'], ["", "x"]],
    ["mjd|mag\n1|2", ["mjd", "mag"], ["1", "2"]],
  ])("is read whatever separates its columns (%#)", (text, columns, cells) => {
    const table = tableOf(text);
    expect(table.columns).toEqual(columns);
    expect(table.rows.map((row) => row.cells)).toEqual([cells]);
  });

  test("of ECSV begins after its head", () => {
    const table = tableOf(
      '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: mjd, datatype: float64}\nmjd mag filter\n59000.5 18.1 ztfg\n59001.5 "" ztfr\n',
    );
    expect(table.columns).toEqual(["mjd", "mag", "filter"]);
    expect(table.rows[1]).toEqual({ line: 7, cells: ["59001.5", "", "ztfr"] });
  });

  test("without a head has numbered columns, or those of the comment above it", () => {
    expect(tableOf("4000 1.2\n4001 1.3").columns).toEqual(["column 1", "column 2"]);
    expect(tableOf("# wave flux\n4000 1.2").columns).toEqual(["wave", "flux"]);
  });

  test("that is empty has nothing", () => {
    expect(tableOf("\n# only a comment\n")).toEqual({ columns: [], rows: [] });
  });
});

describe("photometry", () => {
  test("is understood by the names that surveys use", () => {
    expect(mappingOf(["MJD", "m", "dm", "uJy", "duJy", "F", "mag5sig"])).toMatchObject({
      mjd: 0,
      mag: 1,
      flux: 3,
      fluxerr: 4,
      filter: 5,
      limiting_mag: 6,
    });
    expect(mappingOf(["jd", "magpsf", "sigmapsf", "fid", "diffmaglim"])).toEqual({ jd: 0, mag: 1, magerr: 2, filter: 3, limiting_mag: 4 });
    expect(mappingOf(["Obs-date", "Mag. err", "Limiting_Mag"])).toEqual({ date: 0, magerr: 1, limiting_mag: 2 });
  });

  test("in magnitudes keeps limits, and converts Julian dates", () => {
    const table = tableOf("jd,mag,magerr,limiting_mag,filter\n2459000.5,18.5,0.1,20,ztfg\n2459001.5,,,>20.5,ztfr\n");
    const { body, rows, problems } = understood(table, mappingOf(table.columns), FALLBACK);
    expect(body).toEqual({
      mjd: [59000, 59001],
      filter: ["ztfg", "ztfr"],
      instrument_id: [3, 3],
      mag: [18.5, null],
      magerr: [0.1, null],
      limiting_mag: [20, 20.5],
      magsys: "ab",
    });
    expect([rows, problems]).toEqual([2, []]);
  });

  test("in fluxes is in microjansky unless a zero point is given", () => {
    const table = tableOf("mjd,flux,fluxerr,band\n59000,50,2,ztfg\n59001,,3,ztfg");
    const { body } = understood(table, mappingOf(table.columns), FALLBACK);
    expect(body).toEqual({
      mjd: [59000, 59001],
      filter: ["ztfg", "ztfg"],
      instrument_id: [3, 3],
      flux: [50, null],
      fluxerr: [2, 3],
      zp: 23.9,
      magsys: "ab",
    });
  });

  test("says of each row that it could not understand where and why", () => {
    const table = tableOf("mjd,mag,magerr,filter\nx,18,0.1,ztfg\n59001,bright,0.1,ztfg\n59002,18,0.1,\n59003,18,0.1,ztfg\n");
    const { rows, problems } = understood(table, mappingOf(table.columns), FALLBACK);
    expect(rows).toBe(1);
    expect(problems).toEqual([
      { line: 2, column: "mjd", text: "“x” is not a number" },
      { line: 3, column: "mag", text: "“bright” is not a number" },
      { line: 4, column: "filter", text: "There is no filter" },
    ]);
  });

  test("without a column of filters takes the one that was chosen", () => {
    const table = tableOf("mjd,mag,magerr\n59000,18,0.1");
    expect(understood(table, mappingOf(table.columns), { ...FALLBACK, filter: "ztfi" }).body["filter"]).toEqual(["ztfi"]);
  });
});

describe("a spectrum", () => {
  test("is two columns, named or not, in any order", () => {
    expect(spectrumOf(tableOf("wavelengths,fluxes\n4020,1.2\n4029.2,\n"))).toEqual({ wavelengths: [4020, 4029.2], fluxes: [1.2, null] });
    expect(spectrumOf(tableOf("flux wavelength flux_err\n1.2 4020 0.1"))).toEqual({ wavelengths: [4020], fluxes: [1.2], errors: [0.1] });
    expect(spectrumOf(tableOf("4020 1.2"))).toEqual({ wavelengths: [4020], fluxes: [1.2] });
    expect(spectrumOf(tableOf("a,b\nx,y"))).toBeNull();
  });

  test("is told from photometry", () => {
    expect(isSpectrum(tableOf("wave,flux\n1,2"))).toBe(true);
    expect(isSpectrum(tableOf("mjd,flux\n1,2"))).toBe(false);
  });
});
