import { api, dataOf } from "../../api/client";
import type { components } from "../../api/schema";
import { type Asked, useAsked } from "../../live/cache";
import type { Analysis } from "./AnalysisPage";
import { isMine } from "./mine";

export type Attempt = components["schemas"]["Attempt"];

/** How an analysis was sent; for its author and administrators. */
export function useAttempts(run: Analysis): Asked<Attempt[]> {
  return useAsked(
    isMine(run) ? `analysis/${run.id}/attempts` : null,
    () => dataOf(api.GET("/api/obj/analysis/{analysis_id}/attempts", { params: { path: { analysis_id: run.id } } })),
    (moved) => moved.id === run.id,
  );
}
