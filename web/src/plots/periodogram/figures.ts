/** A periodogram and a folded light curve as Plotly draws them. */

import type { components } from "../../api/schema";
import { byWavelength, colourOf } from "../../sky/filters";
import { significant } from "../../sky/numbers";
import { escaped } from "../escaped";
import { axisOf, layoutOf, type Look } from "../look";
import type { Figure, Trace } from "../plotly";
import { ALL_DRAWN, thinned, type Window } from "../thinning";

export type Peak = components["schemas"]["Peak"];

export type Periodogram = Pick<components["schemas"]["Periodogram"], "frequency" | "power" | "false_alarm_levels" | "peaks" | "window">;

export type Folded = components["schemas"]["Folded"];

/** Power over frequency; numbers above the peaks, those of aliases in brackets. */
export function powerFigure(
  { frequency, power, false_alarm_levels, peaks, window }: Periodogram,
  look: Look,
  options: { spectralWindow: boolean; chosen: number },
): Figure {
  const ends = [frequency[0] ?? 0, frequency.at(-1) ?? 1];
  const accent = look.dark ? "#79b8ff" : "#0b5cad";
  const levels = Object.entries(false_alarm_levels).map(([probability, level]): Trace => ({
    type: "scatter",
    mode: "lines",
    x: ends,
    y: [level, level],
    line: { color: look.text, width: 1, dash: "dot" },
    hoverinfo: "skip",
    name: `false alarm ${probability}`,
  }));
  return {
    data: [
      ...(options.spectralWindow
        ? [
            {
              type: "scatter",
              mode: "lines",
              x: window.frequency,
              y: window.power,
              line: { color: look.dark ? "#8b6f47" : "#d0a76b", width: 1 },
              hoverinfo: "skip",
              name: "spectral window",
            },
          ]
        : []),
      {
        type: "scatter",
        mode: "lines",
        x: frequency,
        y: power,
        line: { color: accent, width: 1.2 },
        name: "power",
        customdata: frequency.map((one) => significant(1 / one, 6)),
        hovertemplate: "%{x:.6g} per day<br>period %{customdata} d<br>power %{y:.4f}<extra></extra>",
      },
      ...levels,
      {
        type: "scatter",
        mode: "markers+text",
        name: "peaks",
        x: peaks.map(({ period }) => 1 / period),
        y: peaks.map((peak) => peak.power),
        text: peaks.map(({ alias_of }, number) => (alias_of === null ? `${number + 1}` : `(${number + 1})`)),
        textposition: "top center",
        marker: {
          size: peaks.map((_, number) => (number === options.chosen ? 11 : 7)),
          symbol: peaks.map(({ alias_of }) => (alias_of === null ? "circle" : "circle-open")),
          color: look.dark ? "#ffa657" : "#bc4c00",
        },
        customdata: peaks.map(
          (peak) =>
            `period ${significant(peak.period, 7)} d${peak.alias_of === null ? "" : `<br>alias of ${significant(peak.alias_of, 6)} d`}`,
        ),
        hovertemplate: "%{customdata}<br>power %{y:.4f}<extra></extra>",
      },
    ],
    layout: layoutOf(look, {
      xaxis: axisOf(look, "Frequency (cycles per day)", { range: ends }),
      yaxis: axisOf(look, "Power", {
        range: [0, Math.min(1.15, 1.18 * Math.max(...peaks.map((peak) => peak.power), ...Object.values(false_alarm_levels), 0.01))],
        fixedrange: true,
      }),
      annotations: Object.entries(false_alarm_levels).map(([probability, level], place) => ({
        x: 1 - 0.06 * place, // beside each other, for the levels lie close together
        xref: "paper",
        y: level,
        yref: "y",
        text: `${Number(probability) * 100} %`,
        showarrow: false,
        xanchor: "right",
        yanchor: "bottom",
        font: { size: 10, color: look.text },
      })),
    }),
  };
}

/** Detections by time, as they are folded. */
export interface Points {
  mjd: number[];
  mag: number[];
  magerr: number[];
  filter: string[];
}

/** Phases from an epoch on, in MJD, over a period in days. */
export function folded(points: Points, period: number, epoch: number): Folded {
  return { ...points, period, epoch, phase: points.mjd.map((mjd) => ((((mjd - epoch) / period) % 1) + 1) % 1) };
}

/** Error bars of more points hide the points. */
const MOST_ERROR_BARS = 1500;

/** Two turns, so that nothing is cut where the phase begins anew; of very many points those that can be told apart. */
export function foldFigure(folded: Folded, look: Look, size: { width: number; height: number }): Figure {
  const range = rangeOf(folded.mag);
  const turn: Window = { x: [0, 1], y: range, width: size.width / 2, height: size.height };
  const many = folded.mag.length > ALL_DRAWN;
  const traces = byWavelength(new Set(folded.filter)).map((filter): Trace => {
    const all = folded.filter.flatMap((one, row) => (one === filter ? [row] : []));
    const rows = many
      ? thinned(
          all,
          (row) => folded.phase[row] ?? null,
          (row) => folded.mag[row] ?? null,
          turn,
        )
      : all;
    const twice = [...rows, ...rows];
    return {
      type: "scatter",
      mode: "markers",
      name: escaped(filter),
      x: twice.map((row, at) => (folded.phase[row] ?? 0) + (at < rows.length ? 0 : 1)),
      y: twice.map((row) => folded.mag[row]),
      ...(folded.mag.length <= MOST_ERROR_BARS && {
        error_y: { type: "data", array: twice.map((row) => folded.magerr[row]), width: 0, thickness: 1 },
      }),
      marker: { color: colourOf(filter, look.dark), size: many ? 3 : 5, opacity: 0.75 },
      hovertemplate: `${escaped(filter)}<br>phase %{x:.4f}<br>%{y:.3f} mag<extra></extra>`,
    };
  });
  return {
    data: traces,
    layout: layoutOf(look, {
      xaxis: axisOf(look, "phase", { range: [0, 2] }),
      yaxis: axisOf(look, "Magnitude (AB mag)", { range }),
      showlegend: traces.length > 1,
      legend: { orientation: "h", y: 1.1, font: { color: look.text } },
    }),
  };
}

/** Falls upwards; one point in a hundred at either end may lie outside. */
function rangeOf(mags: readonly number[]): [number, number] {
  const sorted = [...mags].sort((a, b) => a - b);
  const cut = Math.floor(sorted.length / 200);
  const [bright, faint] = [sorted[cut] ?? 0, sorted[sorted.length - 1 - cut] ?? 1];
  const pad = Math.max((faint - bright) * 0.12, 0.05);
  return [faint + pad, bright - pad];
}
