import { ask } from "../../api/client";
import { type Asked, useAsked } from "../../live/cache";
import { parametersOf, type Search } from "./search";

export interface ListedSource {
  id: string;
  ra: number;
  dec: number;
  redshift: number | null;
  summary: string | null;
  groups: { id: number; name: string; saved_at?: string }[];
  classifications: { classification: string; probability: number | null }[];
}

export interface Page {
  sources: ListedSource[];
  totalMatches: number;
}

/** The newest run of a service on an object. */
export interface Glance {
  id: number;
  service: string;
  status: string;
  at: string;
}

export const useSources = (search: Search): Asked<Page> => {
  const query = parametersOf(search);
  return useAsked(`sources/${JSON.stringify(query)}`, () => ask<Page>("GET", "/api/sources", { query }));
};

/** The newest run of each service on each object, live. */
export function useGlance(ids: readonly string[]): Asked<Record<string, Glance[]>> {
  const wanted = new Set(ids);
  const objIDs = ids.join(",");
  return useAsked(
    ids.length ? `glance/${objIDs}` : null,
    () => ask<Record<string, Glance[]>>("GET", "/api/analysis_glance", { query: { objIDs } }),
    (run) => wanted.has(run.obj_id),
  );
}

/** The newest of all runs on an object. */
export const newest = (glances: readonly Glance[] | undefined): Glance | undefined =>
  [...(glances ?? [])].sort((a, b) => (a.at < b.at ? 1 : -1))[0];
