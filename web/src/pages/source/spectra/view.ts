/** How spectra are looked at; it stands in the URL beside the light curve's view. */

import { ELEMENTS } from "../../../plots/spectra/lines";

export interface SpectraChoice {
  rest: boolean;
  /** Neighbours on either side. */
  smoothing: number;
  normalise: boolean;
  elements: string[];
  /** In place of the source's redshift. */
  z: number | null;
}

const MOST_SMOOTHING = 20;

export function viewOf(query: Record<string, string | undefined>): SpectraChoice {
  const names = new Set((query["lines"] ?? "").split(","));
  const z = query["z"]?.trim() ? Number(query["z"]) : Number.NaN;
  const smoothing = Math.trunc(Number(query["smooth"] ?? 0));
  return {
    rest: query["wavelengths"] === "rest",
    smoothing: smoothing > 0 && smoothing <= MOST_SMOOTHING ? smoothing : 0,
    normalise: query["normalise"] === "1",
    elements: ELEMENTS.map(({ name }) => name).filter((name) => names.has(name)),
    z: Number.isFinite(z) && z > -1 ? z : null,
  };
}

export const queryOf = (view: SpectraChoice): Record<string, string | undefined> => ({
  wavelengths: view.rest ? "rest" : undefined,
  smooth: view.smoothing ? String(view.smoothing) : undefined,
  normalise: view.normalise ? "1" : undefined,
  lines: view.elements.length ? view.elements.join(",") : undefined,
  z: view.z === null ? undefined : String(view.z),
});
