import { describe, expect, test } from "vitest";
import { LIGHT } from "../look";
import type { Columns } from "./columns";
import { lightCurveFigure, type Wanted } from "./figure";
import { modelAt, modelsOf, modelsOfAll } from "./models";
import { PLAIN, queryOf, type View, viewOf } from "./view";

type Row = Partial<{
  mjd: number;
  mag: number | null;
  magerr: number;
  flux: number | null;
  fluxerr: number;
  limit: number;
  filter: string;
  origin: string;
}>;

function columnsOf(rows: Row[]): Columns {
  const column = <T>(of: (row: Row) => T) => rows.map(of);
  return {
    mjd: column((row) => row.mjd ?? 59000),
    mag: column((row) => row.mag ?? null),
    magerr: column((row) => row.magerr ?? (row.mag == null ? null : 0.1)),
    flux: column((row) => row.flux ?? (row.mag == null ? null : 10 ** (-0.4 * (row.mag - 23.9)))),
    fluxerr: column((row) => row.fluxerr ?? 1),
    limiting_mag: column((row) => row.limit ?? null),
    filter: column((row) => row.filter ?? "ztfg"),
    instrument_id: column(() => 1),
    origin: column((row) => row.origin ?? null),
    id: rows.map((_, number) => number + 1),
  };
}

const ROWS: Row[] = [
  { mjd: 59000, mag: 18, filter: "ztfr" },
  { mjd: 59001, mag: 19, filter: "ztfg" },
  { mjd: 58500, limit: 99, filter: "ztfg" },
  { mjd: 58999, limit: 20.5, filter: "ztfr" },
  { mjd: 59002, mag: 18.5, filter: "ztfr", origin: "alert_fp" },
];

function figure(view: Partial<View> = {}, rows: Row[] = ROWS, more: Partial<Wanted> = {}) {
  return lightCurveFigure({
    columns: columnsOf(rows),
    view: { ...PLAIN, ...view },
    modulus: 35,
    instruments: new Map([[1, "ZTF"]]),
    models: [],
    look: LIGHT,
    size: { width: 1000, height: 400 },
    ...more,
  });
}

const axis = (made: ReturnType<typeof figure>, name: "xaxis" | "yaxis" | "yaxis2") =>
  made.layout[name] as { range: number[]; title: { text: string }; type: string };
const symbols = (made: ReturnType<typeof figure>) => made.data.map((trace) => (trace["marker"] as { symbol: string } | undefined)?.symbol);

describe("a light curve", () => {
  test("has bright above faint, in a range that detections alone decide", () => {
    const [bottom, top] = axis(figure(), "yaxis").range;
    expect(bottom).toBeGreaterThan(19);
    expect(bottom).toBeLessThan(20);
    expect(top).toBeLessThan(18);
    expect(axis(figure(), "xaxis").range[0]).toBeGreaterThan(58990);
  });

  test("shows limits as triangles, forced photometry hollow, and the shortest wavelength first", () => {
    const made = figure();
    expect(made.data.map((trace) => trace["name"])).toEqual(["ztfg", "ztfg limit", "ztfr", "ztfr forced", "ztfr limit"]);
    expect(symbols(made)).toEqual(["circle", "triangle-down", "circle", "circle-open", "triangle-down"]);
  });

  test("a point within its noise is a limit, not a detection", () => {
    const made = figure({}, [{ mag: 22, flux: 2, fluxerr: 1, limit: 21.9 }]);
    expect(symbols(made)).toEqual(["triangle-down"]);
    expect(figure({ y: "flux" }, [{ mag: 22, flux: 2, fluxerr: 1, limit: 21.9 }]).data[0]?.["y"]).toEqual([2]);
  });

  test("in fluxes is not inverted, and in absolute magnitudes is shifted by the distance modulus", () => {
    const flux = axis(figure({ y: "flux" }), "yaxis");
    expect(flux.range[0]).toBeLessThan(flux.range[1] ?? 0);
    expect(flux.title.text).toMatch(/flux/i);
    expect(figure({ y: "absolute" }).data[0]?.["y"]).toEqual([19 - 35]);
  });

  test("counts days from the first detection, or from T0", () => {
    expect(figure({ x: "days" }).data[0]?.["x"]).toEqual([1]);
    expect(figure({ x: "days", t0: 58900 }).data[0]?.["x"]).toEqual([101]);
    expect(axis(figure({ x: "date" }), "xaxis").type).toBe("date");
  });

  test("leaves out filters and limits that were switched off", () => {
    expect(figure({ hidden: ["ztfr"], limits: false }).data.map((trace) => trace["name"])).toEqual(["ztfg"]);
  });

  test("has error bars up to three thousand points, or when they are asked for", () => {
    const many = Array.from({ length: 3001 }, (_, number) => ({ mjd: 59000 + number / 10, mag: 18 + (number % 10) / 10 }));
    expect(figure().data[0]).toHaveProperty("error_y");
    expect(figure({}, many).data[0]).not.toHaveProperty("error_y");
    expect(figure({ errors: true }, many).data[0]).toHaveProperty("error_y");
  });

  test("draws of very many points those that can be told apart", () => {
    const many = Array.from({ length: 12_000 }, (_, number) => ({ mjd: 59000 + (number % 100), mag: 18 + (number % 7) / 1000 }));
    expect(figure({}, many).drawn).toBeLessThan(1000);
    expect(figure({}, many.slice(0, 3000)).drawn).toBe(3000);
  });

  test("shows what users wrote as text", () => {
    const made = figure({}, [{ mag: 18, filter: "<b>x", origin: "<a href='javascript:1'>" }]);
    expect(JSON.stringify(made.data)).not.toMatch(/<a|<b>x/);
  });

  test("without any point has no range and does not fail", () => {
    expect(figure({}, []).data).toEqual([]);
    expect(axis(figure({}, [{ limit: 20 }]), "yaxis").range[0]).toBeGreaterThan(20);
  });
});

describe("models", () => {
  const run = {
    id: 7,
    status: "completed",
    created_at: "2026-11-26T10:49:00.5",
    analysis_service_name: "SALT",
    model_name: "salt3",
    model_lightcurve: { ztfg: [[59000, 18, 17.9, 18.1], [59002, 19, 18.8, 19.2], ["x"], null] },
  };

  test("are read from completed runs, whatever else they sent", () => {
    expect(modelsOf(run).map(({ name, curves }) => [name, curves.get("ztfg")?.length])).toEqual([["SALT: salt3", 2]]);
    expect(modelsOf({ ...run, status: "failure" })).toEqual([]);
    expect(modelsOf({ ...run, model_lightcurve: [1], model_lightcurves: { a: { ztfg: "x" } } })).toEqual([]);
  });

  test("of several runs are told apart by their start where their names are alike", () => {
    const runs = [run, { ...run, id: 8, created_at: "2026-11-26T11:22:05" }, { ...run, id: 9, model_name: "salt2" }];
    expect(modelsOfAll(runs).map(({ name }) => name)).toEqual(["SALT: salt3, 2026-11-26 10:49:00", "SALT: salt3, 2026-11-26 11:22:05", "SALT: salt2"]);
    expect(modelsOfAll([run, { ...run, id: 8 }]).map(({ name }) => name)).toEqual(["SALT: salt3, analysis 7", "SALT: salt3, analysis 8"]);
    expect(modelsOfAll([run])).toEqual(modelsOf(run));
  });

  test("lie over the points with their band, and leave residuals", () => {
    const models = modelsOf(run);
    const made = figure({ residuals: true }, [{ mjd: 59001, mag: 18.7 }], { models });
    expect(made.data.map((trace) => trace["name"])).toEqual(["ztfg", "68 %", "SALT: salt3 ztfg", "ztfg"]);
    expect((made.data[3]?.["y"] as number[])[0]).toBeCloseTo(0.2);
    expect(axis(made, "yaxis2").title.text).toBe("Residual (mag)");
  });

  test("are not drawn on beyond their ends", () => {
    const curve = modelsOf(run)[0]?.curves.get("ztfg") ?? [];
    expect([58999, 59000, 59001, 59002, 59003].map((mjd) => modelAt(curve, mjd))).toEqual([null, 18, 18.5, 19, null]);
  });
});

describe("the view", () => {
  const view: View = {
    y: "flux",
    x: "days",
    t0: 59000.5,
    hidden: ["ztfg", "atlas-o"],
    limits: false,
    errors: true,
    extinction: true,
    times: { from: 59000, to: 59100.25 },
    heights: { from: -3.5, to: 90 },
    models: [12, 5],
    residuals: true,
    sideBySide: true,
  };
  const restored = (one: View) => viewOf(JSON.parse(JSON.stringify(queryOf(one))) as Record<string, string>);

  test("can be restored from its query", () => {
    expect(restored(view)).toEqual(view);
    expect(restored(PLAIN)).toEqual(PLAIN);
  });

  test("as it is by default leaves no trace in the URL", () => {
    expect(Object.values(queryOf(PLAIN)).every((one) => one === undefined)).toBe(true);
  });

  test("ignores what makes no sense", () => {
    expect(viewOf({ y: "luminosity", x: "", t0: "x", times: "5", heights: "1~2~3", models: "a,-1,3", hide: ",," })).toEqual({
      ...PLAIN,
      models: [3],
    });
  });
});
