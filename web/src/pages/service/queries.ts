import { api, dataOf } from "../../api/client";
import { type Asked, useAsked } from "../../live/cache";

const at = (service: number) => ({ params: { path: { service_id: service } } });

/** Whether a service may be handed language-model keys. */
export const useTrust = (service: number): Asked<{ trusted: boolean }> =>
  useAsked(`service/${service}/trust`, () => dataOf(api.GET("/api/analysis_service/{service_id}/trust", at(service))));

/** How many analyses it is sent at a time; null is no limit. */
export const useLimits = (service: number): Asked<{ max_in_flight: number | null }> =>
  useAsked(`service/${service}/limits`, () => dataOf(api.GET("/api/analysis_service/{service_id}/limits", at(service))));
