/** The columns of `GET /api/sources/<id>/light_curve`, and what they are in a plot. */

import { isNumber } from "../../sky/numbers";

type Numbers = (number | null)[];

/** Microjansky, AB or Vega magnitudes, MJD; null where there is nothing. */
export interface Columns {
  mjd: number[];
  mag: Numbers;
  magerr: Numbers;
  flux: Numbers;
  fluxerr: Numbers;
  limiting_mag: Numbers;
  filter: string[];
  instrument_id: number[];
  origin: (string | null)[];
  id: number[];
}

/** As in PhotStats: below this flux over error a point is a limit. */
const DETECTION_SNR = 3;
const FORCED = /(^|[^a-z0-9])(fp|forced)($|[^a-z0-9])/i;

/** Rows of one filter: which are detections, forced or not, and which are limits. */
export interface Rows {
  filter: string;
  detections: number[];
  forced: number[];
  limits: number[];
}

export const snrAt = (columns: Columns, row: number): number | null => {
  const flux = columns.flux[row];
  const error = columns.fluxerr[row];
  return isNumber(flux) && isNumber(error) && error > 0 ? flux / error : null;
};

/** A magnitude that is known, and of a flux that is more than noise. */
export function isDetection(columns: Columns, row: number): boolean {
  if (!isNumber(columns.mag[row])) return false;
  const snr = snrAt(columns, row);
  return snr === null || snr > DETECTION_SNR;
}

/** Forced photometry says so in its origin, by the word `fp` or `forced`. */
export const isForced = (columns: Columns, row: number): boolean => FORCED.test(columns.origin[row] ?? "");

/** The rows of each filter. */
export function rowsByFilter(columns: Columns): Map<string, Rows> {
  const found = new Map<string, Rows>();
  columns.filter.forEach((filter, row) => {
    let rows = found.get(filter);
    if (!rows) found.set(filter, (rows = { filter, detections: [], forced: [], limits: [] }));
    if (!isDetection(columns, row)) rows.limits.push(row);
    else if (isForced(columns, row)) rows.forced.push(row);
    else rows.detections.push(row);
  });
  return found;
}

/** MJD of the first detection, null if there is none. */
export function firstDetection(columns: Columns): number | null {
  let first: number | null = null;
  columns.mjd.forEach((mjd, row) => {
    if ((first === null || mjd < first) && isDetection(columns, row)) first = mjd;
  });
  return first;
}
