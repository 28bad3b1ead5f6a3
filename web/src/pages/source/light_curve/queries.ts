import { ask } from "../../../api/client";
import { type Asked, useAsked } from "../../../live/cache";
import type { Columns } from "../../../plots/light_curve/columns";

export interface Photometry {
  columns: Columns;
  n: number;
}

/** Photometry as columns; dereddened where that is asked for. */
export function useLightCurve(id: string, extinction: boolean): Asked<Photometry> {
  const path = lightCurvePath(id);
  return useAsked(`light_curve/${id}/${extinction}`, () =>
    ask<Photometry>("GET", path, { query: { extinction: extinction || undefined } }),
  );
}

export const lightCurvePath = (id: string): string => `/api/sources/${encodeURIComponent(id)}/light_curve`;

/** Names of instruments by id. */
export function useInstruments(): ReadonlyMap<number, string> {
  const { data } = useAsked("instruments", () => ask<{ id: number; name: string }[]>("GET", "/api/instrument"));
  return new Map(data?.map(({ id, name }) => [id, name]));
}
