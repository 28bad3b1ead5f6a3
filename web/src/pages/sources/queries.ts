import { ask, askWhole } from "../../api/client";
import { nextCursor } from "../../api/paging";
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
  /** At least so many, as long as there is a next page. */
  totalMatches: number;
  /** What leads on to the next page; null at the end. */
  next: string | null;
}

/** The newest run of a service on an object. */
export interface Glance {
  id: number;
  service: string;
  status: string;
  at: string;
}

/** A page of the sources that a search leaves; live if the state of their newest analysis decides. */
export function useSources(search: Search): Asked<Page> {
  const query = parametersOf(search);
  return useAsked(
    `sources/${JSON.stringify(query)}`,
    async () => {
      const { data, headers } = await askWhole<Omit<Page, "next">>("GET", "/api/sources", { query });
      return { ...data, next: nextCursor(headers.get("Link")) };
    },
    () => search.state !== "",
  );
}

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
