/** A light curve as Plotly draws it: the points of each filter, limits as triangles, models, residuals. */

import { byWavelength, colourOf, wavelengthOf } from "../../sky/filters";
import { escaped } from "../escaped";
import type { Figure, Trace } from "../plotly";
import { axisOf, layoutOf, type Look } from "../look";
import { type Axes, axesOf, errorOf, limitOf, X_TITLES, xOf, xRange, Y_TITLES, yOf, yRange } from "./axes";
import { type Columns, firstDetection, rowsByFilter, type Rows } from "./columns";
import { hoverText } from "./hover";
import { modelTraces, residualTraces } from "./model_traces";
import type { Model } from "./models";
import { heightsOf, timesOf } from "./ranges";
import { ALL_DRAWN, thinned, type Window } from "../thinning";
import type { View } from "./view";

/** Error bars of more points are left out unless they are asked for. */
export const MOST_ERROR_BARS = 3000;

export interface Wanted {
  columns: Columns;
  view: View;
  modulus: number | null;
  instruments: ReadonlyMap<number, string>;
  models: readonly Model[];
  look: Look;
  /** Pixels. */
  size: { width: number; height: number };
}

export interface LightCurveFigure extends Figure {
  axes: Axes;
  drawn: number;
}

const SYMBOLS = ["circle", "square", "diamond", "cross", "star", "hexagon"];

export function lightCurveFigure(wanted: Wanted): LightCurveFigure {
  const { columns, view, look } = wanted;
  const hidden = new Set(view.hidden);
  const axes = axesOf(view, firstDetection(columns), wanted.modulus);
  const times = view.times ?? timesOf(columns, hidden);
  const own = heightsOf(columns, hidden, view.y);
  const heights = view.heights ? [view.heights.from, view.heights.to] : own && yRange(axes, own);
  const range = heights && (view.y === "flux" ? heights : [...heights].sort((a, b) => b - a));
  const byFilter = rowsByFilter(columns);
  const shown = byWavelength(byFilter.keys())
    .filter((filter) => !hidden.has(filter))
    .flatMap((filter) => byFilter.get(filter) ?? []);
  const total = shown.reduce((sum, rows) => sum + rows.detections.length + rows.forced.length + rows.limits.length, 0);
  const window = times && range && total > ALL_DRAWN ? windowOf(times, range, wanted.size) : null;
  const errors = view.errors ?? total <= MOST_ERROR_BARS;
  const points = shown.flatMap((rows) => pointTraces(rows, symbolOf(rows.filter, shown), wanted, axes, window, errors));
  const first = view.residuals ? wanted.models[0] : undefined;
  const residuals = first ? residualTraces(columns, shown, first, axes, look.dark) : [];
  return {
    data: [...points, ...modelTraces(wanted.models, axes, hidden, look.dark), ...residuals],
    layout: layoutOf(look, {
      xaxis: axisOf(look, axes.view.x === "days" ? `Days since MJD ${axes.t0.toFixed(3)}` : X_TITLES[view.x], {
        type: view.x === "date" ? "date" : "linear",
        ...(view.x === "mjd" ? { tickformat: "d", exponentformat: "none" } : {}),
        ...(times ? { range: xRange(axes, times) } : {}),
        ...(residuals.length ? { anchor: "y2" } : {}),
      }),
      yaxis: axisOf(look, Y_TITLES[view.y], {
        ...(range ? { range } : view.y === "flux" ? {} : { autorange: "reversed" }),
        ...(residuals.length ? { domain: [0.3, 1] } : {}),
      }),
      ...(residuals.length ? { yaxis2: axisOf(look, "Residual (mag)", { domain: [0, 0.22], autorange: "reversed", zeroline: true }) } : {}),
    }),
    axes,
    drawn: points.reduce((sum, trace) => sum + (Array.isArray(trace["x"]) ? trace["x"].length : 0), 0),
  };
}

function pointTraces(rows: Rows, symbol: string, wanted: Wanted, axes: Axes, window: Window | null, errors: boolean): Trace[] {
  const { columns, view, look } = wanted;
  const inFlux = view.y === "flux";
  const measured = (row: number) => yOf(axes, columns, row);
  const limit = (row: number) => limitOf(axes, columns, row);
  const noise = inFlux ? rows.limits.filter((row) => measured(row) !== null) : [];
  const limits = !view.limits ? [] : inFlux ? rows.limits.filter((row) => measured(row) === null) : rows.limits;
  const colour = colourOf(rows.filter, look.dark);
  const small = window !== null;
  const kinds = [
    { rows: [...rows.detections, ...noise], y: measured, marker: { color: colour, symbol, size: small ? 4 : 7 }, bars: errors, kind: "" },
    {
      rows: rows.forced,
      y: measured,
      marker: { color: colour, symbol: `${symbol}-open`, size: small ? 4 : 7, line: { width: 1.5 } },
      bars: errors,
      kind: " forced",
    },
    {
      rows: limits,
      y: limit,
      marker: { color: colour, symbol: inFlux ? "triangle-down-open" : "triangle-down", size: small ? 5 : 7, opacity: 0.5 },
      bars: false,
      kind: " limit",
    },
  ];
  return kinds.flatMap(({ rows: all, y, marker, bars, kind }) => {
    const drawn = window ? thinned(all, (row) => columns.mjd[row] ?? null, y, window) : all.filter((row) => y(row) !== null);
    if (drawn.length === 0) return [];
    return [
      {
        type: "scatter",
        mode: "markers",
        name: escaped(rows.filter) + kind,
        showlegend: false,
        x: drawn.map((row) => xOf(axes, columns.mjd[row] ?? 0)),
        y: drawn.map(y),
        marker,
        ...(bars ? { error_y: { type: "data", array: drawn.map((row) => errorOf(axes, columns, row)), width: 0, thickness: 1 } } : {}),
        text: drawn.map((row) => hoverText(columns, row, axes, wanted.instruments)),
        hovertemplate: "%{text}<extra></extra>",
      },
    ];
  });
}

/** Filters of nearly the same wavelength have nearly the same colour: another shape tells them apart. */
function symbolOf(filter: string, shown: readonly Rows[]): string {
  const at = wavelengthOf(filter) ?? 0;
  const alike = shown.filter((other) => Math.abs((wavelengthOf(other.filter) ?? 0) - at) < 25);
  return SYMBOLS[alike.findIndex((other) => other.filter === filter) % SYMBOLS.length] ?? "circle";
}

function windowOf(times: { from: number; to: number }, range: readonly number[], size: { width: number; height: number }): Window {
  return { x: [times.from, times.to], y: [range[0] ?? 0, range[1] ?? 1], ...size };
}
