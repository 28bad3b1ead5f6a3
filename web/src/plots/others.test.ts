import { expect, test } from "vitest";
import { LIGHT } from "./look";
import { foldFigure, powerFigure, folded } from "./periodogram/figures";
import { spectraFigure } from "./spectra/figure";
import { atRest, normalised, smoothed } from "./spectra/spectrum";

const peak = (period: number, power: number, alias_of: number | null) => ({
  period,
  period_error: 0.001,
  power,
  false_alarm_probability: 0.01,
  alias_of,
});
const PERIODOGRAM = {
  frequency: [0.1, 1, 2],
  power: [0.1, 0.9, 0.5],
  false_alarm_levels: { "0.1": 0.2, "0.01": 0.3, "0.001": 0.4 },
  peaks: [peak(1, 0.9, null), peak(0.5, 0.5, 1)],
  window: { frequency: [0.1], power: [1] },
};
const FOLDED = { period: 2, epoch: 100, phase: [0, 0.5], mag: [18, 19], magerr: [0.1, 0.1], filter: ["ztfr", "ztfg"] };

test("a periodogram has its false-alarm levels, and marks aliases", () => {
  const { data } = powerFigure(PERIODOGRAM, LIGHT, { spectralWindow: false, chosen: 0 });
  expect(data.map((trace) => trace["name"])).toEqual(["power", "false alarm 0.1", "false alarm 0.01", "false alarm 0.001", "peaks"]);
  expect(data.at(-1)?.["text"]).toEqual(["1", "(2)"]);
});

test("a folded light curve is inverted and shows two turns", () => {
  const { data, layout } = foldFigure(FOLDED, LIGHT, { width: 500, height: 300 });
  const axes = layout as { xaxis: { title: { text: string } }; yaxis: { range: number[] } };
  expect(axes.xaxis.title.text).toMatch(/phase/i);
  expect(axes.yaxis.range[0]).toBeGreaterThan(axes.yaxis.range[1] ?? 0);
  expect(data[0]?.["x"]).toEqual([0.5, 1.5]);
});

test("phases follow another period, before the epoch as well", () => {
  const points = { mjd: [100, 101, 99], mag: [18, 18, 18], magerr: [0.1, 0.1, 0.1], filter: ["ztfr", "ztfr", "ztfr"] };
  expect(folded(points, 4, 100).phase).toEqual([0, 0.25, 0.75]);
});

test("smoothing passes over what is missing and keeps the ends", () => {
  expect(smoothed([1, null, 3, 5], 1)).toEqual([1, null, 4, 4]);
  expect(smoothed([1, 2], 0)).toEqual([1, 2]);
});

test("wavelengths at rest are shorter, and fluxes compare after normalisation", () => {
  expect(atRest([7876], 0.2)[0]).toBeCloseTo(6563.3, 1);
  expect(normalised([2, null, 4, 6])).toEqual([0.5, null, 1, 1.5]);
  expect(normalised([0, 0])).toEqual([0, 0]);
});

test("lines stand at the redshift of the source unless wavelengths are at rest", () => {
  const at = (rest: boolean) => {
    const { layout } = spectraFigure([], { rest, smoothing: 0, normalise: false, elements: ["H"], redshift: 0.1 }, LIGHT);
    return (layout as { shapes: { x0: number }[] }).shapes.at(-1)?.x0;
  };
  expect(at(true)).toBeCloseTo(6562.8);
  expect(at(false)).toBeCloseTo(7219.08);
});
