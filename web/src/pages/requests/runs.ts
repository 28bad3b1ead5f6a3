import { apiUrl } from "../../api/base";
import { send } from "../../api/client";
import { nextCursor } from "../../api/paging";
import { refusal } from "../../api/problem";
import type { components } from "../../api/schema";

/** A run as lists have it. */
export type ShortRun = components["schemas"]["RunInBrief"];

export interface RunsPage {
  runs: ShortRun[];
  /** What asks for the page after this one; null at the end. */
  cursor: string | null;
}

/** What the list can be narrowed to; names are those of the API's query. */
export const FILTERS = ["status", "serviceID", "authorID", "objID", "batchID", "from", "to"] as const;
export type Filters = Partial<Record<(typeof FILTERS)[number], string>>;

/** Takes the filters out of a page's address. */
export function filtersOf(query: URLSearchParams): Filters {
  return Object.fromEntries(FILTERS.flatMap((name) => (query.get(name) ? [[name, query.get(name) as string]] : [])));
}

/** Reads a page of runs, newest first. */
export async function readRuns(filters: Filters, cursor: string | null, n = 50): Promise<RunsPage> {
  const query = new URLSearchParams({ ...filters, n: String(n), ...(cursor && { cursor }) });
  const response = await send(new Request(apiUrl(`/api/analysis_runs?${query}`)));
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw refusal(response, body);
  return { runs: (body as { data: ShortRun[] }).data, cursor: nextCursor(response.headers.get("Link")) };
}
