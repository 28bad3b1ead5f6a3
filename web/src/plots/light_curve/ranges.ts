/** What the axes show: detections decide, for a limit of 99 mag or a date of years ago must not. */

import { isNumber } from "../../sky/numbers";
import { type Columns, isDetection } from "./columns";
import type { Range, View } from "./view";

/** Above this the error of a point does not widen the range. */
const WIDEST_ERROR_MAG = 0.5;
const FAINTEST_LIMIT = 30;

/** MJD; null where there is nothing to show. */
export function timesOf(columns: Columns, hidden: ReadonlySet<string>): Range | null {
  const shown = visible(columns, hidden);
  const detected = shown.filter((row) => isDetection(columns, row));
  return padded(extent((detected.length ? detected : shown).map((row) => columns.mjd[row])), 0.04, 1);
}

/** In magnitudes, or microjansky where the view is of fluxes; without the distance modulus. */
export function heightsOf(columns: Columns, hidden: ReadonlySet<string>, y: View["y"]): Range | null {
  const shown = visible(columns, hidden);
  const detected = shown.filter((row) => isDetection(columns, row));
  if (y === "flux") return fluxRange(columns, detected.length ? detected : shown);
  if (detected.length === 0) return padded(extent(shown.map((row) => sane(columns.limiting_mag[row]))), 0.1, 0.3);
  const ends = detected.flatMap((row) => {
    const mag = columns.mag[row] ?? 0;
    const error = Math.min(columns.magerr[row] ?? 0, WIDEST_ERROR_MAG);
    return [mag - error, mag + error];
  });
  return padded(extent(ends), 0.08, 0.2);
}

function fluxRange(columns: Columns, rows: number[]): Range | null {
  const ends = rows.flatMap((row) => {
    const flux = columns.flux[row];
    if (!isNumber(flux)) return [];
    const error = Math.min(columns.fluxerr[row] ?? 0, Math.abs(flux));
    return [flux - error, flux + error];
  });
  const range = extent([...ends, 0]); // the zero line tells what is noise
  return range && range.to > range.from ? padded(range, 0.08, 0) : null;
}

const visible = (columns: Columns, hidden: ReadonlySet<string>): number[] =>
  columns.filter.flatMap((filter, row) => (hidden.has(filter) ? [] : [row]));

const sane = (limit: number | null | undefined) => (isNumber(limit) && Math.abs(limit) < FAINTEST_LIMIT ? limit : null);

function extent(values: (number | null | undefined)[]): Range | null {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!isNumber(value)) continue;
    from = Math.min(from, value);
    to = Math.max(to, value);
  }
  return from <= to ? { from, to } : null;
}

function padded(range: Range | null, part: number, least: number): Range | null {
  if (!range) return null;
  const pad = Math.max((range.to - range.from) * part, least);
  return { from: range.from - pad, to: range.to + pad };
}
