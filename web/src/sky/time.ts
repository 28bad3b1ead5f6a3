/** Modified Julian Dates and calendar dates; everything in UTC. */

const MJD_OF_1970 = 40_587;
const DAY_MS = 86_400_000;

/** Milliseconds since 1970 of an MJD. */
export const msOfMjd = (mjd: number): number => (mjd - MJD_OF_1970) * DAY_MS;

export const mjdOfMs = (ms: number): number => ms / DAY_MS + MJD_OF_1970;

/** An MJD as a date for Plotly and for people: `2021-03-04 09:06:37`; empty where there is no such date. */
export function dateOfMjd(mjd: number, { seconds = true } = {}): string {
  const date = new Date(Math.round(msOfMjd(mjd) / 1000) * 1000);
  if (Number.isNaN(date.getTime())) return "";
  return date
    .toISOString()
    .slice(0, seconds ? 19 : 10)
    .replace("T", " ");
}

/** Reads what Plotly gives for a date axis (a text or milliseconds) back into an MJD; NaN if it is no date. */
export function mjdOfDate(date: string | number): number {
  if (typeof date === "number") return mjdOfMs(date);
  const text = date.trim().replace(" ", "T");
  return mjdOfMs(Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) || text.length <= 10 ? text : `${text}Z`));
}
