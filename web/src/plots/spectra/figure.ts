/** Spectra as Plotly draws them, with the lines of chosen elements. */

import { escaped } from "../escaped";
import { axisOf, layoutOf, type Look } from "../look";
import type { Figure, Trace } from "../plotly";
import { ELEMENTS, TELLURIC } from "./lines";
import { atRest, normalised, smoothed } from "./spectrum";

export interface Spectrum {
  id: number;
  name: string;
  /** Angstrom. */
  wavelengths: number[];
  fluxes: (number | null)[];
  units: string | null;
}

export interface SpectraView {
  rest: boolean;
  /** Neighbours on either side. */
  smoothing: number;
  normalise: boolean;
  elements: readonly string[];
  /** Of the spectra, and of the lines. */
  redshift: number;
}

const COLOURS = {
  light: ["#0b5cad", "#bc4c00", "#1a7f37", "#8250df", "#bf3989", "#57606a"],
  dark: ["#79b8ff", "#ffa657", "#7ee787", "#d2a8ff", "#ff9bce", "#c3cad3"],
};

export function spectraFigure(spectra: readonly Spectrum[], view: SpectraView, look: Look): Figure {
  const theme = look.dark ? "dark" : "light";
  const traces = spectra.map((spectrum, number): Trace => {
    const fluxes = smoothed(spectrum.fluxes, view.smoothing);
    const x = view.rest ? atRest(spectrum.wavelengths, view.redshift) : spectrum.wavelengths;
    return {
      type: "scatter",
      mode: "lines",
      x,
      y: view.normalise ? normalised(fluxes) : fluxes,
      name: escaped(spectrum.name),
      line: { width: 1.3, color: COLOURS[theme][number % COLOURS[theme].length] },
      hovertemplate: `${escaped(spectrum.name)}<br>%{x:.1f} Å<br>%{y:.4g}<extra></extra>`,
    };
  });
  const units = new Set(spectra.map((spectrum) => spectrum.units ?? "relative units"));
  const flux = view.normalise ? "Flux / median" : units.size === 1 ? `Flux (${escaped([...units][0] ?? "")})` : "Flux";
  return {
    data: traces,
    layout: layoutOf(look, {
      xaxis: axisOf(look, `${view.rest ? "Rest" : "Observed"} wavelength (Å)`, {}),
      yaxis: axisOf(look, flux, { exponentformat: "power" }),
      showlegend: spectra.length > 1,
      legend: { orientation: "h", y: 1.12, font: { color: look.text } },
      ...linesOf(view, theme),
    }),
  };
}

function linesOf(view: SpectraView, theme: "light" | "dark"): Record<string, unknown> {
  const placed = ELEMENTS.filter(({ name }) => view.elements.includes(name)).flatMap(({ name, colour, wavelengths }) => {
    const stretched = name === TELLURIC ? (view.rest ? 1 / (1 + view.redshift) : 1) : view.rest ? 1 : 1 + view.redshift;
    return wavelengths.map((one) => ({ name, colour: colour[theme], x: one * stretched }));
  });
  return {
    shapes: placed.map(({ x, colour }) => ({
      type: "line",
      x0: x,
      x1: x,
      y0: 0,
      y1: 1,
      yref: "paper",
      line: { color: colour, width: 1, dash: "dot" },
      layer: "below",
    })),
    annotations: placed.map(({ x, name, colour }) => ({
      x,
      y: 1,
      yref: "paper",
      yanchor: "top",
      xanchor: "left",
      text: name,
      textangle: -90,
      showarrow: false,
      font: { size: 10, color: colour },
    })),
  };
}
