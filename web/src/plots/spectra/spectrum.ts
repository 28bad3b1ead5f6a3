/** A spectrum on its way to a plot: rest wavelengths, smoothing, normalisation. */

import { isNumber } from "../../sky/numbers";

type Fluxes = readonly (number | null)[];

/** Wavelengths as the source emitted them. */
export const atRest = (wavelengths: readonly number[], redshift: number): number[] => wavelengths.map((one) => one / (1 + redshift));

/** The mean of `width` neighbours on either side; what is missing does not count. */
export function smoothed(fluxes: Fluxes, width: number): (number | null)[] {
  if (width <= 0) return [...fluxes];
  let [sum, count] = [0, 0];
  const move = (at: number, sign: 1 | -1) => {
    const flux = fluxes[at];
    if (isNumber(flux)) ((sum += sign * flux), (count += sign));
  };
  for (let at = 0; at < width; at++) move(at, 1);
  return fluxes.map((flux, at) => {
    move(at + width, 1);
    move(at - width - 1, -1);
    return isNumber(flux) && count > 0 ? sum / count : null;
  });
}

/** Divided by the median of what is known, so that spectra can be compared; left alone where that is 0. */
export function normalised(fluxes: Fluxes): (number | null)[] {
  const median = medianOf(fluxes);
  return median ? fluxes.map((flux) => (isNumber(flux) ? flux / Math.abs(median) : null)) : [...fluxes];
}

function medianOf(fluxes: Fluxes): number {
  const known = fluxes.filter(isNumber).sort((a, b) => a - b);
  const half = Math.floor(known.length / 2);
  return known.length % 2 ? known[half]! : ((known[half - 1] ?? 0) + (known[half] ?? 0)) / 2;
}
