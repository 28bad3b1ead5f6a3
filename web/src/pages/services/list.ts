import { api, dataOf } from "../../api/client";
import type { components } from "../../api/schema";
import { type Asked, useAsked } from "../../live/cache";

export type Service = components["schemas"]["Service"];

/** The services of the caller's groups. */
export function useServices(): Asked<Service[]> {
  return useAsked("services", () => dataOf(api.GET("/api/analysis_service", {})));
}
