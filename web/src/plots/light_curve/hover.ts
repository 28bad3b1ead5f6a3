/** All that is known of a point, for the box beside the pointer. */

import { fixed, isNumber, significant, withError } from "../../sky/numbers";
import { dateOfMjd } from "../../sky/time";
import { escaped } from "../escaped";
import type { Axes } from "./axes";
import { type Columns, isForced, snrAt } from "./columns";

export function hoverText(columns: Columns, row: number, axes: Axes, instruments: ReadonlyMap<number, string>): string {
  const mjd = columns.mjd[row] ?? Number.NaN;
  const mag = columns.mag[row];
  const limit = columns.limiting_mag[row];
  const snr = snrAt(columns, row);
  const instrument = columns.instrument_id[row] ?? 0;
  const lines = [
    `${escaped(columns.filter[row] ?? "")}${isForced(columns, row) ? " forced photometry" : ""}`,
    isNumber(mag) ? `${withError(mag, columns.magerr[row])} mag` : "",
    isNumber(mag) && axes.modulus ? `${fixed(mag - axes.modulus, 2)} mag absolute` : "",
    isNumber(columns.flux[row]) ? `${withError(columns.flux[row], columns.fluxerr[row])} µJy` : "",
    isNumber(limit) ? `limit ${fixed(limit, 2)} mag` : "",
    snr === null ? "" : `S/N ${significant(snr, 3)}`,
    `MJD ${fixed(mjd, 5)}`,
    `${dateOfMjd(mjd)} UTC`,
    `${fixed(mjd - axes.t0, 2)} d since T0`,
    escaped(instruments.get(instrument) ?? `instrument ${instrument}`),
    columns.origin[row] ? `origin ${escaped(columns.origin[row] ?? "")}` : "",
    `point ${columns.id[row]}`,
  ];
  return lines.filter((line) => line !== "").join("<br>");
}
