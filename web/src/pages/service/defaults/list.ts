import { api, dataOf } from "../../../api/client";
import type { components } from "../../../api/schema";
import { type Asked, useAsked } from "../../../live/cache";

export type DefaultAnalysis = components["schemas"]["DefaultAnalysis"];

export interface SourceFilter {
  classifications?: { name: string; probability?: number }[] | null;
  group_id?: number | null;
}

/** What a service is started for by itself. */
export function useDefaults(service: number): Asked<DefaultAnalysis[]> {
  return useAsked(`service/${service}/defaults`, () =>
    dataOf(api.GET("/api/analysis_service/{service_id}/default_analysis", { params: { path: { service_id: service } } })),
  );
}
