import { ask } from "../../api/client";
import { type Asked, useAsked } from "../../live/cache";

export const WINDOWS = [
  ["1h", "1 hour"],
  ["24h", "24 hours"],
  ["7d", "7 days"],
  ["30d", "30 days"],
] as const;

export type Window = (typeof WINDOWS)[number][0];
export type Bin = { from: string; to: string } & Record<string, number | string>;

export interface Counts {
  totals: Record<string, number>;
  bins: Bin[];
  /** Whether all were counted; otherwise only the newest. */
  complete?: boolean;
}

/** How many runs there are in each state, over time. */
export function useCounts(window: Window): Asked<Counts> {
  return useAsked(`counts/${window}`, () => ask<Counts>("GET", "/api/analysis_counts", { query: { window } }), () => true);
}
