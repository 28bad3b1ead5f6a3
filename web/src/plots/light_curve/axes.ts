/** From rows to places on the axes of a view. */

import { isNumber } from "../../sky/numbers";
import { dateOfMjd, mjdOfDate, msOfMjd } from "../../sky/time";
import type { Columns } from "./columns";
import type { Range, View } from "./view";

const ZERO_POINT = 23.9;

export const fluxOfMag = (mag: number): number => 10 ** (-0.4 * (mag - ZERO_POINT));

/** What turns measurements into places, and the places of an axis back into MJD. */
export interface Axes {
  view: View;
  t0: number;
  /** To be taken from magnitudes where absolute ones are shown. */
  modulus: number;
}

export function axesOf(view: View, t0: number | null, modulus: number | null): Axes {
  return { view, t0: view.t0 ?? t0 ?? 0, modulus: view.y === "absolute" ? (modulus ?? 0) : 0 };
}

export function xOf({ view, t0 }: Axes, mjd: number): number {
  if (view.x === "date") return msOfMjd(mjd);
  return view.x === "days" ? mjd - t0 : mjd;
}

/** Plotly's ranges of date axes are texts. */
export const xRange = (axes: Axes, { from, to }: Range): [number | string, number | string] =>
  axes.view.x === "date" ? [dateOfMjd(from), dateOfMjd(to)] : [xOf(axes, from), xOf(axes, to)];

export function mjdOfX({ view, t0 }: Axes, x: number | string): number {
  if (view.x === "date") return mjdOfDate(x);
  return Number(x) + (view.x === "days" ? t0 : 0);
}

/** Magnitudes fall upwards. */
export const yRange = ({ view, modulus }: Axes, { from, to }: Range): [number, number] =>
  view.y === "flux" ? [from, to] : [to - modulus, from - modulus];

export function yOf(axes: Axes, columns: Columns, row: number): number | null {
  const value = axes.view.y === "flux" ? columns.flux[row] : columns.mag[row];
  return isNumber(value) ? value - axes.modulus : null;
}

/** A limit stands at the limiting magnitude, or at its flux where nothing was measured. */
export function limitOf(axes: Axes, columns: Columns, row: number): number | null {
  const limit = columns.limiting_mag[row];
  if (!isNumber(limit)) return null;
  return axes.view.y === "flux" ? fluxOfMag(limit) : limit - axes.modulus;
}

export const errorOf = ({ view }: Axes, columns: Columns, row: number): number | null =>
  (view.y === "flux" ? columns.fluxerr[row] : columns.magerr[row]) ?? null;

export const yOfMag = ({ view, modulus }: Axes, mag: number): number => (view.y === "flux" ? fluxOfMag(mag) : mag - modulus);

export const X_TITLES: Record<View["x"], string> = { mjd: "MJD", date: "Date (UTC)", days: "Days" };

export const Y_TITLES: Record<View["y"], string> = {
  mag: "Apparent magnitude (AB mag)",
  flux: "Flux density (µJy)",
  absolute: "Absolute magnitude (AB mag)",
};
