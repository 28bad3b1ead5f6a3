/** Which points of a light curve a periodogram is made of. */

import { type Columns, isDetection, rowsByFilter } from "../../plots/light_curve/columns";
import type { Points } from "../../plots/periodogram/figures";
import { byWavelength } from "../../sky/filters";
import type { View } from "./view";

/** Fewer detections of a filter say nothing of a period; the server refuses them. */
export const FEWEST = 10;

/** More points than these are not searched at once. */
export const MOST = 10_000;

/** The filters that have enough detections. */
export const usableFilters = (columns: Columns): string[] => byWavelength(counts(columns).map(([filter]) => filter));

export interface Searched {
  filters: string[];
  /** MJD; null for all times. */
  from: number | null;
  to: number | null;
  /** Detections that are left out, because there are too many: the oldest. */
  left: number;
}

/** What is searched: what was chosen, and of more points than the server takes the newest, unless times were chosen, too. */
export function searchedOf(columns: Columns, { filters: chosen, from, to }: Pick<View, "filters" | "from" | "to">): Searched {
  const filters = chosen.length > 0 ? chosen : usableFilters(columns);
  const whole = { filters, from, to, left: 0 };
  if (from !== null || to !== null) return whole;
  const { mjd, filter } = pointsOf(columns, filters, null, null);
  const first = mjd.length - MOST;
  if (first <= 0) return whole;
  const begin = mjd[first] === mjd[first - 1] ? mjd.findIndex((time) => time > (mjd[first] ?? 0)) : first;
  const kept = filter.slice(begin);
  const enough = filters.filter((one) => kept.filter((other) => other === one).length >= FEWEST);
  return { filters: enough, from: mjd[begin] ?? null, to: null, left: begin };
}

function counts(columns: Columns): [string, number][] {
  const all = [...rowsByFilter(columns).values()].map(({ filter, detections, forced }): [string, number] => [
    filter,
    detections.length + forced.length,
  ]);
  return all.filter(([, count]) => count >= FEWEST);
}

/** Detections in these filters, between these times if they are given, by time. */
export function pointsOf(columns: Columns, filters: readonly string[], from: number | null, to: number | null): Points {
  const wanted = new Set(filters);
  const rows = columns.mjd.flatMap((mjd, row) =>
    isDetection(columns, row) && wanted.has(columns.filter[row] ?? "") && (from === null || mjd >= from) && (to === null || mjd <= to)
      ? [row]
      : [],
  );
  rows.sort((a, b) => (columns.mjd[a] ?? 0) - (columns.mjd[b] ?? 0));
  return {
    mjd: rows.map((row) => columns.mjd[row] ?? 0),
    mag: rows.map((row) => columns.mag[row] ?? 0),
    magerr: rows.map((row) => columns.magerr[row] ?? 0),
    filter: rows.map((row) => columns.filter[row] ?? ""),
  };
}

/** How far the fine slider goes to either side: two turns more or less over all the time that is covered, in days. */
export function slack(period: number, { mjd }: Points): number {
  const covered = (mjd.at(-1) ?? 0) - (mjd[0] ?? 0);
  return Math.min(period * 0.1, (2 * period ** 2) / Math.max(covered, period));
}
