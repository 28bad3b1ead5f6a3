import { ask } from "../../api/client";
import type { components } from "../../api/schema";
import { type Asked, useAsked } from "../../live/cache";
import type { Analysis } from "./AnalysisPage";

export type Happening = components["schemas"]["Happening"];

/** All that happened to an analysis, oldest first. */
export function useTimeline(run: Analysis): Asked<Happening[]> {
  return useAsked(
    `analysis/${run.id}/timeline`,
    () => ask<Happening[]>("GET", `/api/obj/analysis/${run.id}/timeline`),
    (moved) => moved.id === run.id,
  );
}
