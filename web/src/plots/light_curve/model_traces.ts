/** Models over the points, and what is left of the points without them. */

import { colourOf } from "../../sky/filters";
import { isNumber } from "../../sky/numbers";
import { escaped } from "../escaped";
import type { Trace } from "../plotly";
import { type Axes, xOf, yOf, yOfMag } from "./axes";
import type { Columns, Rows } from "./columns";
import { type Model, type ModelPoint, modelAt } from "./models";

const DASHES = ["solid", "dash", "dot", "dashdot"];

export function modelTraces(models: readonly Model[], axes: Axes, hidden: ReadonlySet<string>, dark: boolean): Trace[] {
  return models.flatMap((model, number) =>
    [...model.curves]
      .filter(([filter]) => !hidden.has(filter))
      .flatMap(([filter, curve]) => {
        const colour = colourOf(filter, dark);
        const at = curve.map((point) => xOf(axes, point.mjd));
        const shown = { type: "scatter", mode: "lines", showlegend: false };
        return [
          ...bandTrace(curve, at, axes).map((band) => ({ ...shown, ...band, fillcolor: colour, opacity: 0.18 })),
          {
            ...shown,
            x: at,
            y: curve.map((point) => yOfMag(axes, point.median)),
            line: { color: colour, width: 2, dash: DASHES[number % DASHES.length] },
            name: `${escaped(model.name)} ${escaped(filter)}`,
            hovertemplate: `${escaped(model.name)}<br>${escaped(filter)} %{y:.2f}<extra></extra>`,
          },
        ];
      }),
  );
}

function bandTrace(curve: ModelPoint[], at: number[], axes: Axes): Trace[] {
  const bounded = curve.flatMap((point, row) => (isNumber(point.low) && isNumber(point.high) ? [{ point, x: at[row] ?? 0 }] : []));
  if (bounded.length < 2) return [];
  const low = bounded.map(({ point }) => yOfMag(axes, point.low ?? 0));
  const high = bounded.map(({ point }) => yOfMag(axes, point.high ?? 0));
  const x = bounded.map((one) => one.x);
  return [
    { x: [...x, ...[...x].reverse()], y: [...low, ...high.reverse()], fill: "toself", line: { width: 0 }, hoverinfo: "skip", name: "68 %" },
  ];
}

/** Detections minus the model, in magnitudes, on the lower axis. */
export function residualTraces(columns: Columns, rows: Iterable<Rows>, model: Model, axes: Axes, dark: boolean): Trace[] {
  const magnitudes = { ...axes, modulus: 0, view: { ...axes.view, y: "mag" as const } };
  return [...rows].flatMap(({ filter, detections, forced }) => {
    const curve = model.curves.get(filter);
    if (!curve) return [];
    const found = [...detections, ...forced].flatMap((row) => {
      const expected = modelAt(curve, columns.mjd[row] ?? Number.NaN);
      const mag = yOf(magnitudes, columns, row);
      return expected === null || mag === null ? [] : [{ row, left: mag - expected }];
    });
    return [
      {
        type: "scatter",
        mode: "markers",
        yaxis: "y2",
        showlegend: false,
        name: escaped(filter),
        x: found.map(({ row }) => xOf(axes, columns.mjd[row] ?? 0)),
        y: found.map(({ left }) => left),
        error_y: { type: "data", array: found.map(({ row }) => columns.magerr[row] ?? null), width: 0, thickness: 1 },
        marker: { color: colourOf(filter, dark), size: 5 },
        hovertemplate: `${escaped(filter)} %{y:+.3f} mag<extra></extra>`,
      },
    ];
  });
}
