/** How the columns of a file are understood as a spectrum. */

import type { Table } from "./table";

export interface SpectrumColumns {
  wavelengths: number[];
  fluxes: (number | null)[];
  errors?: (number | null)[];
}

const WAVELENGTH = /^(wave|wavelength|lambda|lam|wl|angstrom)/;
const FLUX = /^(flux|flam|f_?lambda|counts|intensity)/;
const ERROR = /^(e_?flux|flux_?err|err|error|sigma|unc|fluxerr|dflux)/;

/** Whether the columns look like a spectrum rather than photometry. */
export const isSpectrum = ({ columns }: Table): boolean =>
  columns.some((name) => WAVELENGTH.test(name.toLowerCase().trim())) || columns.every((name) => name.startsWith("column "));

/** Wavelengths and fluxes by the names of the columns, or the first two; null if there are no numbers in them. */
export function spectrumOf({ columns, rows }: Table): SpectrumColumns | null {
  const names = columns.map((name) => name.toLowerCase().trim());
  const error = names.findIndex((name) => ERROR.test(name));
  const wave = Math.max(
    0,
    names.findIndex((name) => WAVELENGTH.test(name)),
  );
  const named = names.findIndex((name, place) => FLUX.test(name) && place !== error);
  const flux = named >= 0 ? named : wave === 0 ? 1 : 0;
  const at = (cells: string[], place: number) => (cells[place]?.trim() ? Number(cells[place]) : Number.NaN);
  const known = rows.filter(({ cells }) => Number.isFinite(at(cells, wave)));
  if (known.length === 0 || !known.some(({ cells }) => Number.isFinite(at(cells, flux)))) return null;
  const column = (place: number) => known.map(({ cells }) => (Number.isFinite(at(cells, place)) ? at(cells, place) : null));
  return { wavelengths: known.map(({ cells }) => at(cells, wave)), fluxes: column(flux), ...(error >= 0 && { errors: column(error) }) };
}
