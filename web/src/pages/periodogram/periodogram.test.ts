import { expect, test } from "vitest";
import type { Columns } from "../../plots/light_curve/columns";
import { pointsOf, searchedOf, slack, usableFilters } from "./points";
import { parametersOf, queryOf, viewOf } from "./view";

const N = 12;
const COLUMNS: Columns = {
  mjd: Array.from({ length: N }, (_, row) => 59000 + ((row * 7) % N)),
  mag: Array.from({ length: N }, (_, row) => 18 + row / 100),
  magerr: Array.from({ length: N }, () => 0.1),
  flux: Array.from({ length: N }, () => 100),
  fluxerr: Array.from({ length: N }, () => 5),
  limiting_mag: Array.from({ length: N }, () => null),
  filter: Array.from({ length: N }, (_, row) => (row < 11 ? "ztfg" : "ztfr")),
  instrument_id: Array.from({ length: N }, () => 1),
  origin: Array.from({ length: N }, () => null),
  id: Array.from({ length: N }, (_, row) => row),
};

test("only filters with enough detections are searched", () => {
  expect(usableFilters(COLUMNS)).toEqual(["ztfg"]);
});

function many(filters: readonly string[], mjd: (row: number) => number): Columns {
  const long = <T>(value: T) => filters.map(() => value);
  return {
    ...{ mjd: filters.map((_, row) => mjd(row)), mag: long(18), magerr: long(0.1), flux: long(100), fluxerr: long(5) },
    ...{ limiting_mag: long(null), filter: [...filters], instrument_id: long(1), origin: long(null), id: long(1) },
  };
}

const ANY = { filters: [], from: null, to: null };

test("all filters are searched, and of more points than the server takes the newest", () => {
  expect(searchedOf(COLUMNS, ANY)).toEqual({ filters: ["ztfg"], from: null, to: null, left: 0 });
  const filters = Array.from({ length: 12_000 }, (_, row) => ["ztfg", "ztfr", "ztfi"][row % 3] ?? "");
  const columns = many(filters, (row) => 59000 + row);
  expect(searchedOf(columns, ANY)).toEqual({ filters: ["ztfg", "ztfr", "ztfi"], from: 61000, to: null, left: 2000 });
  expect(pointsOf(columns, filters, 61000, null).mjd).toHaveLength(10_000);
  expect(searchedOf(columns, { ...ANY, filters: ["ztfr"] })).toEqual({ filters: ["ztfr"], from: null, to: null, left: 0 });
  expect(searchedOf(columns, { ...ANY, to: 70000 })).toEqual({ filters: ["ztfg", "ztfr", "ztfi"], from: null, to: 70000, left: 0 });
});

test("points at one time are searched together or not at all, and no filter with too few that are left", () => {
  const filters = Array.from({ length: 12_000 }, (_, row) => (row < 1995 ? "ztfg" : "ztfr"));
  const pairs = many(filters, (row) => 59000 + Math.floor((row + 1) / 2));
  const { filters: left, from } = searchedOf(pairs, ANY);
  expect(left).toEqual(["ztfr"]);
  expect(pointsOf(pairs, left, from, null).mjd.length).toBeLessThanOrEqual(10_000);
});

test("points stand by time, within the times that are asked for", () => {
  const { mjd } = pointsOf(COLUMNS, ["ztfg", "ztfr"], 59002, 59006);
  expect(mjd).toEqual([59002, 59003, 59004, 59005, 59006]);
  expect(pointsOf(COLUMNS, ["ztfr"], null, null).filter).toEqual(["ztfr"]);
});

test("the slider is finer the longer the light curve", () => {
  const points = pointsOf(COLUMNS, ["ztfg"], null, null);
  expect(slack(0.5, points)).toBeLessThan(0.05);
  expect(slack(0.5, points)).toBeGreaterThan(slack(0.1, points));
});

test("a view can be restored from its link", () => {
  const view = {
    filters: ["ztfg"],
    method: "box" as const,
    terms: 2,
    minPeriod: 0.1,
    maxPeriod: 10,
    oversampling: 7,
    from: 59000.5,
    to: 59100,
    period: 0.51234567,
    spectralWindow: true,
  };
  const query = new URLSearchParams(Object.entries(queryOf(view)).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
  expect(viewOf(query)).toEqual(view);
  expect(parametersOf(view)).toEqual({
    filters: "ztfg",
    method: "box",
    terms: undefined,
    min_period: 0.1,
    max_period: 10,
    oversampling: 7,
    from: "mjd:59000.5",
    to: "mjd:59100",
  });
});

test("what makes no sense in a link is as if it were missing", () => {
  expect(viewOf(new URLSearchParams("method=magic&terms=9&period=-3&min_period=x"))).toEqual(viewOf(new URLSearchParams()));
});
