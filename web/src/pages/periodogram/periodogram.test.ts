import { expect, test } from "vitest";
import type { Columns } from "../../plots/light_curve/columns";
import { filtersToBeginWith, pointsOf, slack, usableFilters } from "./points";
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

test("as many filters are searched as the server takes, the best measured first", () => {
  const filters = ["a", "b", "c"].flatMap((filter, place) => Array.from({ length: 4000 + 100 * place }, () => filter));
  const long = <T>(value: T) => filters.map(() => value);
  const many: Columns = {
    mjd: long(59000),
    mag: long(18),
    magerr: long(0.1),
    flux: long(100),
    fluxerr: long(5),
    limiting_mag: long(null),
    filter: filters,
    instrument_id: long(1),
    origin: long(null),
    id: long(1),
  };
  expect(filtersToBeginWith(many).sort()).toEqual(["b", "c"]);
  expect(filtersToBeginWith(COLUMNS)).toEqual(["ztfg"]);
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
  expect(parametersOf(view, view.filters)).toEqual({
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
