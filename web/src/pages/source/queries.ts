import { ask } from "../../api/client";
import { type Asked, useAsked } from "../../live/cache";
import type { RunWithModel } from "../../plots/light_curve/models";

export interface Person {
  id: number;
  username: string;
}

export interface SummaryEntry {
  set_by_user_id: number;
  set_at_utc: string;
  summary: string | null;
  is_bot: boolean;
  analysis_id: number | null;
}

export interface Classification {
  id: number;
  classification: string;
  probability: number | null;
  taxonomy_id: number;
  author_id: number;
  author_name: string;
  created_at: string;
}

export interface Annotation {
  id: number;
  origin: string;
  data: Record<string, unknown>;
  author_id: number;
  author: Person | null;
  modified: string;
}

export interface Source {
  id: string;
  ra: number;
  dec: number;
  redshift: number | null;
  redshift_error: number | null;
  redshift_origin: string | null;
  dm: number | null;
  luminosity_distance: number | null;
  ebv?: number | null;
  gal_lon: number;
  gal_lat: number;
  summary: string | null;
  summary_history: SummaryEntry[];
  groups: { id: number; name: string }[];
  classifications: Classification[];
  annotations: Annotation[];
  duplicates?: { obj_id: string; separation: number }[] | null;
}

export interface Run extends RunWithModel {
  obj_id: string;
  status_message: string | null;
  created_at: string;
  last_activity: string;
  analysis_service_id: number;
  analysis_service_name: string | null;
  analysis_parameters: Record<string, unknown>;
  author_id: number;
  duration: number | null;
  num_plots?: number;
}

export const sourcePath = (id: string): string => `/api/sources/${encodeURIComponent(id)}`;

export const useSource = (id: string): Asked<Source> =>
  useAsked(
    `source/${id}`,
    () => ask<Source>("GET", sourcePath(id)),
    (run) => run.obj_id === id && run.status === "completed", // a result may bring a summary, annotations, classes
  );

export const useRuns = (id: string): Asked<Run[]> =>
  useAsked(
    `runs/${id}`,
    () => ask<Run[]>("GET", `/api/obj/${encodeURIComponent(id)}/analysis`),
    (run) => run.obj_id === id,
  );

export const usePerson = (id: number): Asked<Person> => useAsked(`user/${id}`, () => ask<Person>("GET", `/api/user/${id}`));
